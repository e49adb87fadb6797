/** Why a delivery may not go on: looked at when it starts, between its slices, and when it is published. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CopyDeliveryId } from '../../ids.ts';
import type { CaseCopy } from './case-copy.entity.ts';
import { type CopyFailure, type CopyFailureCode, copyFailure } from './copy-failure.ts';
import { firstRecipient, readRecipients } from './first-recipient.ts';

/** A delivery that is not ended. */
interface Running {
  readonly id: CopyDeliveryId;
  readonly sequence: number;
}

/**
 * What forbids a delivery to go on; null where nothing does. That the sender itself was still allowed to
 * share is not asked again: it was when it shared, and the copy is its organization's.
 * @param lock locks what is looked at until the transaction ends: for the publication
 */
export async function stopReason(
  em: EntityManager,
  share: CaseCopy,
  delivery: Running,
  { lock }: { readonly lock: boolean },
): Promise<CopyFailure | null> {
  const code =
    (await stopOfPartnership(em, share, lock)) ??
    (await stopOfTarget(em, share, delivery)) ??
    (await stopOfEvidence(em, share, delivery, lock));
  if (code !== null) return copyFailure(code);
  const [failed] = await em.execute<{ failure: CopyFailure }[]>(
    'select failure from copy_items where delivery_id = ? and failure is not null order by position limit 1',
    [delivery.id],
  );
  return failed?.failure ?? null;
}

async function stopOfPartnership(
  em: EntityManager,
  share: CaseCopy,
  lock: boolean,
): Promise<CopyFailureCode | null> {
  const [partner] = await em.execute<unknown[]>(
    `select 1 from partners p where p.state = 'active' and (
       (p.inviter_id = ? and p.invitee_id = ? and p.inviter_may_send and p.invitee_may_receive) or
       (p.invitee_id = ? and p.inviter_id = ? and p.invitee_may_send and p.inviter_may_receive))
     ${lock ? 'for share of p' : ''}`,
    [
      ...[share.organizationId, share.partnerOrganizationId],
      ...[share.organizationId, share.partnerOrganizationId],
    ],
  );
  if (partner === undefined) return 'partnership-ended';
  const able = await em.execute<unknown[]>(
    `select 1 from organizations where id in (?, ?) and 'caseShare' = any(features)
     order by id ${lock ? 'for share' : ''}`,
    [share.organizationId, share.partnerOrganizationId],
  );
  return able.length === 2 ? null : 'feature-off';
}

async function stopOfTarget(
  em: EntityManager,
  share: CaseCopy,
  { sequence }: Running,
): Promise<CopyFailureCode | null> {
  if (sequence > 1) {
    if (share.deliveredAt == null) return 'not-delivered';
    const [target] = await em.execute<unknown[]>(
      'select 1 from cases where id = ? and organization_id = ?',
      [share.targetCaseId, share.partnerOrganizationId],
    );
    if (target === undefined) return 'target-case-missing';
  }
  const recipients = await readRecipients(em, share.id);
  const first = await firstRecipient(em, share.partnerOrganizationId, recipients);
  return first === null ? 'no-recipient' : null;
}

/** A copy is whole or not at all: evidence that may not be shared any more stops all of it. */
async function stopOfEvidence(
  em: EntityManager,
  share: CaseCopy,
  delivery: Running,
  lock: boolean,
): Promise<CopyFailureCode | null> {
  if (lock) {
    await em.execute(
      `select 1 from evidence e join copy_items i on i.evidence_id = e.id
       where i.delivery_id = ? order by e.id for share of e`,
      [delivery.id],
    );
  }
  const [changed] = await em.execute<unknown[]>(
    `select 1 from copy_items i join evidence e on e.id = i.evidence_id
     where i.delivery_id = ? and (e.state <> 'active' or not exists (
       select 1 from case_evidence ce where ce.case_id = ? and ce.evidence_id = e.id)) limit 1`,
    [delivery.id, share.caseId],
  );
  return changed === undefined ? null : 'evidence-changed';
}
