import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { DownloadSessionId, ShareId } from '../../ids.ts';
import { defineLife } from '../../lifecycle/definition.ts';
import { instantOf } from '../../sql.ts';
import { activate } from './activate.ts';
import { endDownload } from './download-accounting.ts';
import { DownloadLink } from './download-link.entity.ts';
import {
  type DownloadLinkFacts,
  type DownloadLinkStep,
  nextDownloadLinkStep,
  SESSION_IDLE,
} from './download-link-rule.ts';
import { notifyExpiring, notifyFailed } from './link-notices.ts';

interface Facts extends DownloadLinkFacts {
  readonly share: DownloadLink;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const id = entityId as ShareId;
  const share = await em.findOne(
    DownloadLink,
    { id },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (share === null) return null;
  const [items] = await em.execute<{ waiting: number; lost: number }[]>(
    `select count(*) filter (where e.state = 'verifying')::int as waiting,
       count(*) filter (where e.id is null or e.state = 'quarantined')::int as lost
     from share_items i left join evidence e on e.id = i.evidence_id
     where i.share_id = ? and i.sha256 is null`,
    [id],
  );
  const [downloads] = await em.execute<{ quietest: Date | string | null }[]>(
    `select min(last_active_at) as quietest from download_sessions
     where share_id = ? and began_at is not null and ended_at is null`,
    [id],
  );
  return {
    share,
    durationDays: share.durationDays,
    activatedAt: share.activatedAt ?? null,
    expiresAt: share.expiresAt ?? null,
    revokedAt: share.revokedAt ?? null,
    failedAt: share.failedAt ?? null,
    expiryNoticeFor: share.expiryNoticeFor ?? null,
    expiryHandledFor: share.expiryHandledFor ?? null,
    itemsWaiting: items?.waiting ?? 0,
    itemsLost: items?.lost ?? 0,
    quietestDownload: instantOf(downloads?.quietest),
  };
}

async function perform(act: Act, facts: Facts, step: DownloadLinkStep, now: Date): Promise<void> {
  const { share } = facts;
  switch (step) {
    case 'activate':
      return activate(act, share, now);
    case 'fail':
      return fail(act, share, now);
    case 'tell of expiry':
      share.expiryNoticeFor = share.expiresAt ?? null;
      return notifyExpiring(act, share, now);
    case 'handle expiry':
      share.expiryHandledFor = share.expiresAt ?? null;
      act.audit({
        organizationId: share.organizationId,
        action: 'share.expired',
        objects: [share.id, share.caseId],
      });
      return;
    case 'end silent downloads':
      return endSilentDownloads(act, share, now);
    default:
      return step satisfies never;
  }
}

async function fail(act: Act, share: DownloadLink, now: Date): Promise<void> {
  share.failedAt = now;
  share.updatedAt = now;
  share.failure = {
    code: 'evidence-not-verified',
    detail:
      'A file of the case could not be verified after its upload. Upload it again, then share the case again.',
  };
  act.audit({
    organizationId: share.organizationId,
    action: 'share.failed',
    objects: [share.id, share.caseId],
    outcome: 'failed',
    reason: share.failure.code,
  });
  await notifyFailed(act, share, now);
}

/** Ends, for the record, downloads that nobody has heard of for half an hour. */
async function endSilentDownloads(act: Act, share: DownloadLink, now: Date): Promise<void> {
  const silent = await act.em.execute<{ id: DownloadSessionId }[]>(
    `select id from download_sessions
     where share_id = ? and began_at is not null and ended_at is null and last_active_at <= ?
     order by id`,
    [share.id, new Date(now.getTime() - SESSION_IDLE)],
  );
  for (const { id } of silent) {
    const session = {
      sessionId: id,
      shareId: share.id,
      organizationId: share.organizationId,
      caseId: share.caseId,
    };
    await endDownload(act, session, 'abandoned');
  }
}

function stateOf(facts: Facts, now: Date): string {
  if (facts.failedAt !== null) return 'failed';
  if (facts.revokedAt !== null) return 'revoked';
  if (facts.expiresAt === null) return 'preparing';
  return facts.expiresAt <= now ? 'expired' : 'active';
}

/** The life of a download link. */
export const downloadLinkLife = defineLife<Facts, DownloadLinkStep>({
  kind: 'download-link',
  load,
  nextStep: nextDownloadLinkStep,
  perform,
  stateOf,
});
