/** Deletion by hand, and taking any deletion back while that is possible. */
import { LockMode } from '@mikro-orm/core';
import type { Act } from '../act.ts';
import { databaseNow } from '../clock.ts';
import { DomainError } from '../errors.ts';
import { Evidence } from '../evidence/evidence.entity.ts';
import { requireEvidence, requireVerified } from '../evidence/visibility.ts';
import type { Staff } from '../identity/staff.ts';
import type { EvidenceId } from '../ids.ts';
import { DELETABLE, queueForDeletion, restoreQueued } from './deletion.ts';
import { type Ground, lockForDeletion, protectionOf } from './protection.ts';
import { retentionLifeOf } from './retention-life-ref.ts';

/**
 * Queues evidence for deletion because somebody wants it gone; what is queued already stays as it is.
 * @param check is called with the evidence's version before anything changes
 * @throws DomainError `not-found`, `permission-missing`, `wrong-state`; `evidence-protected` with the
 *   grounds on which it is kept
 */
export async function deleteEvidence(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  check: (version: number) => void,
): Promise<Evidence> {
  const evidence = await lockedEvidence(act, staff, evidenceId);
  check(evidence.version);
  if (evidence.state === 'queued_for_deletion') return evidence;
  requireVerified(evidence);
  if (!DELETABLE.some((state) => state === evidence.state)) {
    throw new DomainError(
      'wrong-state',
      'This file waits for a decision. Accept or decline it first.',
      { members: { state: evidence.state } },
    );
  }
  const grounds = await protectionOf(act.em, evidenceId);
  if (grounds.length > 0) throw protectedBy(grounds);
  await queueForDeletion(act, evidence, 'hand', await databaseNow(act.em));
  act.wake(retentionLifeOf(evidence.organizationId));
  return evidence;
}

/**
 * Restores evidence that is queued for deletion; one that is not stays as it is.
 * @param check is called with the evidence's version before anything changes
 * @throws DomainError `not-found` also for what was destroyed, `permission-missing`, `wrong-state` for what
 *   never was queued
 */
export async function restoreEvidence(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  check: (version: number) => void,
): Promise<Evidence> {
  const evidence = await lockedEvidence(act, staff, evidenceId);
  check(evidence.version);
  if (evidence.state !== 'queued_for_deletion') {
    throw new DomainError('wrong-state', 'This evidence is not queued for deletion.', {
      members: { state: evidence.state },
    });
  }
  await restoreQueued(act, evidence, 'hand', await databaseNow(act.em));
  return evidence;
}

async function lockedEvidence(act: Act, staff: Staff, evidenceId: EvidenceId): Promise<Evidence> {
  await requireEvidence(act.em, staff, evidenceId, 'evidence.delete');
  await lockForDeletion(act.em, evidenceId);
  await act.em.findOne(
    Evidence,
    { id: evidenceId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  // Once more under the lock: it may have been destroyed while this waited.
  return requireEvidence(act.em, staff, evidenceId, 'evidence.delete');
}

const NAMES: Readonly<Record<Ground['kind'], string>> = {
  hold: 'it is on hold',
  partner_access: 'it is shared by partner access',
  download_link: 'a download link holds it',
  copy: 'it is being copied',
};

function protectedBy(grounds: readonly Ground[]): DomainError {
  const reasons = [...new Set(grounds.map(({ kind }) => NAMES[kind]))];
  return new DomainError(
    'evidence-protected',
    `This evidence cannot be deleted: ${reasons.join(', ')}. End that first.`,
    { members: { grounds } },
  );
}
