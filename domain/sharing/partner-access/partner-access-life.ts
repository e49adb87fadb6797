import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { ShareId } from '../../ids.ts';
import { defineLife } from '../../lifecycle/definition.ts';
import { instantOf, type SqlInstant } from '../../sql.ts';
import { UNINVITED, UNTOLD } from './access-invitees.ts';
import { invite, tellOfEnd, tellOfExpiry } from './access-notices.ts';
import { PartnerAccess } from './partner-access.entity.ts';
import {
  nextPartnerAccessStep,
  type PartnerAccessFacts,
  type PartnerAccessStep,
} from './partner-access-rule.ts';

interface Facts extends PartnerAccessFacts {
  readonly share: PartnerAccess;
}

interface CountedRow {
  uninvited: string;
  untold: string;
  partnership_ended_at: SqlInstant;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const id = entityId as ShareId;
  const share = await em.findOne(
    PartnerAccess,
    { id },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (share === null) return null;
  const [row] = await em.execute<CountedRow[]>(
    `select ${UNINVITED} as uninvited, ${UNTOLD} as untold, p.ended_at as partnership_ended_at
     from shares join partners p on p.id = shares.partnership_id where shares.id = ?`,
    [id],
  );
  const partnershipEndedAt = instantOf(row?.partnership_ended_at);
  return {
    share,
    durationDays: share.durationDays ?? null,
    expiresAt: share.expiresAt ?? null,
    endedAt: share.revokedAt ?? partnershipEndedAt,
    expiryNoticeFor: share.expiryNoticeFor ?? null,
    expiryHandledFor: share.expiryHandledFor ?? null,
    uninvited: Number(row?.uninvited ?? 0),
    untold: Number(row?.untold ?? 0),
  };
}

async function perform(act: Act, facts: Facts, step: PartnerAccessStep, now: Date): Promise<void> {
  const { share } = facts;
  switch (step) {
    case 'invite':
      return invite(act, share, now);
    case 'tell of the end':
      return tellOfEnd(act, share, now);
    case 'tell of expiry':
      share.expiryNoticeFor = share.expiresAt ?? null;
      return tellOfExpiry(act, share, now);
    case 'handle expiry':
      share.expiryHandledFor = share.expiresAt ?? null;
      for (const entry of [
        { organizationId: share.organizationId, objects: [share.id, share.caseId] },
        { organizationId: share.partnerOrganizationId, objects: [share.id] },
      ]) {
        act.audit({ ...entry, action: 'share.expired' });
      }
      return;
    default:
      return step satisfies never;
  }
}

function stateOf(facts: Facts, now: Date): string {
  if (facts.endedAt !== null) return 'revoked';
  return facts.expiresAt !== null && facts.expiresAt <= now ? 'expired' : 'active';
}

/** The life of partner access. */
export const partnerAccessLife = defineLife<Facts, PartnerAccessStep>({
  kind: 'partner-access',
  load,
  nextStep: nextPartnerAccessStep,
  perform,
  stateOf,
});
