/** Holds: evidence that has one is not deleted, whatever else is so (product rules, section 9). */
import type { Act } from '../act.ts';
import { changedAfter } from '../change.ts';
import { databaseNow } from '../clock.ts';
import { entryOf } from '../evidence/commands.ts';
import type { Evidence } from '../evidence/evidence.entity.ts';
import { requireEvidence, requireVerified } from '../evidence/visibility.ts';
import type { Staff } from '../identity/staff.ts';
import type { EvidenceId } from '../ids.ts';
import { retentionLifeOf } from './retention-life-ref.ts';

/**
 * Puts evidence on hold, in any state in which there is something to keep: what is being verified may turn
 * out to be nothing. Another reason replaces the one that it had, with its author and its instant.
 * @param check is called with the evidence's version before anything changes
 * @throws DomainError `not-found`, `permission-missing`, `wrong-state` while it is being verified
 */
export async function placeHold(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  reason: string,
  check: (version: number) => void,
): Promise<Evidence> {
  const evidence = await requireEvidence(act.em, staff, evidenceId, 'evidence.hold', {
    lock: true,
  });
  requireVerified(evidence);
  check(evidence.version);
  if (evidence.hold?.reason === reason) return evidence;
  const at = await databaseNow(act.em);
  act.em.assign(evidence, {
    hold: { reason, by: staff.name, at: at.toISOString() },
    updatedAt: changedAfter(evidence.updatedAt),
  });
  act.audit({ ...entryOf(evidence), action: 'evidence.held' });
  return evidence;
}

/**
 * Lifts the hold of evidence; without one nothing happens. What is due by then is looked at at once.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function liftHold(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  check: (version: number) => void,
): Promise<Evidence> {
  const evidence = await requireEvidence(act.em, staff, evidenceId, 'evidence.hold', {
    lock: true,
  });
  check(evidence.version);
  if (evidence.hold == null) return evidence;
  act.em.assign(evidence, { hold: null, updatedAt: changedAfter(evidence.updatedAt) });
  await act.em.flush();
  await act.em.execute(
    `update evidence e set retention_look_at = case
       when e.state = 'queued_for_deletion' then
         (select d.destroy_after from deletions d where d.evidence_id = e.id)
       else e.queued_for_deletion_on end
     where e.id = ? and e.retention_look_at is not null`,
    [evidenceId],
  );
  act.wake(retentionLifeOf(evidence.organizationId));
  act.audit({ ...entryOf(evidence), action: 'evidence.hold_lifted' });
  return evidence;
}
