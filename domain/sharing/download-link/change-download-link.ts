import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { daysAfter } from '../../clock.ts';
import { DomainError, invalid, notFound } from '../../errors.ts';
import { Organization } from '../../identity/organization.entity.ts';
import type { Staff } from '../../identity/staff.ts';
import type { EvidenceId, ShareId } from '../../ids.ts';
import type { LinkKeys } from '../../link-token.ts';
import { lockShare } from '../lock-share.ts';
import { createDownloadLink } from './create-download-link.ts';
import { DownloadLink } from './download-link.entity.ts';
import { LINK_STATE, type LinkState } from './link-state.ts';

interface LockedLink {
  readonly share: DownloadLink;
  readonly state: LinkState;
  readonly now: Date;
}

async function lockLink(em: EntityManager, staff: Staff, shareId: ShareId): Promise<LockedLink> {
  const { share, now } = await lockShare(em, DownloadLink, staff, shareId);
  const [row] = await em.execute<{ state: LinkState }[]>(
    `select ${LINK_STATE} as state from shares where id = ?`,
    [shareId],
  );
  if (row === undefined) throw notFound('share');
  return { share, now, state: row.state };
}

/**
 * Revokes a link: from the moment this commits no range of it is given out. Again is no error; the
 * first revoker and time stay.
 */
export async function revokeDownloadLink(
  act: Act,
  staff: Staff,
  shareId: ShareId,
): Promise<DownloadLink> {
  const { share, state, now } = await lockLink(act.em, staff, shareId);
  if (share.revokedAt != null) return share;
  if (state === 'failed') {
    throw new DomainError(
      'wrong-state',
      'The link could not be made, so there is nothing to revoke.',
    );
  }
  share.revokedAt = now;
  share.revokedBy = staff.id;
  share.updatedAt = now;
  act.audit({
    organizationId: share.organizationId,
    action: 'share.revoked',
    objects: [share.id, share.caseId],
  });
  wake(act, share);
  return share;
}

/**
 * Gives a link a new duration, which counts from now; possible while it is active or being prepared.
 * @param check is called with the share's version before anything changes
 * @throws DomainError `wrong-state` for a dead link: it stays dead, `reshare` makes a new one
 */
export async function extendDownloadLink(
  act: Act,
  staff: Staff,
  shareId: ShareId,
  durationDays: number,
  check: (version: number) => void,
): Promise<DownloadLink> {
  const { share, state, now } = await lockLink(act.em, staff, shareId);
  check(share.version);
  if (state !== 'active' && state !== 'preparing') {
    throw new DomainError(
      'wrong-state',
      `The link is ${state} and stays so. Make a new one from it: POST /api/v1/shares/${share.id}/reshare`,
    );
  }
  const { maximumLinkDays } = await act.em.findOneOrFail(Organization, share.organizationId);
  if (durationDays > maximumLinkDays) {
    throw invalid({
      pointer: '/durationDays',
      detail: `At most ${maximumLinkDays} days in this organization.`,
    });
  }
  const before = share.expiresAt ?? null;
  share.durationDays = durationDays;
  if (state === 'active') share.expiresAt = daysAfter(now, durationDays);
  share.updatedAt = now;
  act.audit({
    organizationId: share.organizationId,
    action: 'share.extended',
    objects: [share.id, share.caseId],
    data: { durationDays, from: before, to: share.expiresAt ?? null },
  });
  wake(act, share);
  return share;
}

/**
 * Makes a new link from a dead one: the same choice, frozen anew.
 * @throws DomainError `wrong-state` while the link still lives
 */
export async function reshareDownloadLink(
  act: Act,
  staff: Staff,
  keys: LinkKeys,
  shareId: ShareId,
): Promise<{ share: DownloadLink; token: string }> {
  const { share, state } = await lockLink(act.em, staff, shareId);
  if (state === 'active' || state === 'preparing') {
    throw new DomainError('wrong-state', `The link is ${state}: extend it, or revoke it first.`);
  }
  return createDownloadLink(act, staff, keys, share.caseId, {
    format: share.format,
    scope:
      share.scope === 'entire_case'
        ? { type: 'entire_case' }
        : { type: 'selected', evidenceIds: await frozenEvidence(act.em, share.id) },
    durationDays: share.durationDays,
    passphraseHash: share.passphraseHash ?? null,
    downloadLimit: share.downloadLimit ?? null,
    notifyOnFirstDownload: share.notifyOnFirstDownload,
    resharedFrom: share.id,
  });
}

/** The evidence that a link's manifest holds, in its order. */
export async function frozenEvidence(em: EntityManager, shareId: ShareId): Promise<EvidenceId[]> {
  const rows = await em.execute<{ evidence_id: EvidenceId }[]>(
    'select evidence_id from share_items where share_id = ? order by position',
    [shareId],
  );
  return rows.map((row) => row.evidence_id);
}

function wake(act: Act, share: DownloadLink): void {
  act.wake({
    kind: 'download-link',
    entityId: share.id,
    organizationId: share.organizationId,
    caseId: share.caseId,
  });
}
