/** Which evidence a case holds. Evidence may be in several cases, or in none. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { DomainError, notFound } from '../errors.ts';
import { entryOf } from '../evidence/commands.ts';
import { Evidence } from '../evidence/evidence.entity.ts';
import { requireGivableEvidence, requireVerified } from '../evidence/visibility.ts';
import { isOwnCase, requirePermissions, type Staff } from '../identity/staff.ts';
import type { CaseId, EvidenceId } from '../ids.ts';
import { recalculateRetention } from '../retention/recalculate.ts';
import { deselectRemoved } from '../sharing/selection.ts';
import { recordAdded } from '../sharing/shared-facts.ts';
import { lockCase } from './commands.ts';
import { requireCase } from './visibility.ts';

interface Pair {
  readonly caseId: CaseId;
  readonly evidenceId: EvidenceId;
}

/**
 * Adds evidence that the user may edit or share to a case that it may edit; once more changes nothing.
 * @throws DomainError `not-found`, `permission-missing`, `wrong-state`
 */
export async function addEvidenceToCase(act: Act, staff: Staff, pair: Pair): Promise<void> {
  await lockCase(act.em, staff, pair.caseId);
  requirePermissions(staff, ['case.edit'], await isOwnCase(act.em, staff, pair.caseId));
  const evidence = await requireGivableEvidence(act.em, staff, pair.evidenceId);
  requireVerified(evidence);
  if (evidence.state === 'queued_for_deletion') {
    throw new DomainError('wrong-state', 'This evidence is queued for deletion. Restore it first.');
  }
  const added = await linkEvidence(act.em, pair, new Date());
  if (!added) return;
  await recordAdded(act.em, pair.caseId, [pair.evidenceId], new Date());
  await recalculateRetention(act, evidence.organizationId, { evidence: [evidence.id] });
  act.audit({ ...entryOf(evidence, pair.caseId), action: 'case.evidence_added' });
}

/** Takes evidence out of a case, and of all partner access to it; the evidence itself stays. */
export async function removeEvidenceFromCase(act: Act, staff: Staff, pair: Pair): Promise<void> {
  const inCase = await lockCase(act.em, staff, pair.caseId);
  requirePermissions(staff, ['case.edit'], await isOwnCase(act.em, staff, pair.caseId));
  const removed = await act.em.execute<unknown[]>(
    'delete from case_evidence where case_id = ? and evidence_id = ? returning 1',
    [pair.caseId, pair.evidenceId],
  );
  if (removed.length === 0) throw notFound('evidence in this case');
  await deselectRemoved(act.em, pair.caseId, pair.evidenceId);
  const evidence = await act.em.findOneOrFail(Evidence, pair.evidenceId);
  await recalculateRetention(act, evidence.organizationId, {
    evidence: [evidence.id],
    cases: inCase.retentionPolicy === 'longest_retention_period' ? [inCase.id] : [],
  });
  act.audit({ ...entryOf(evidence, pair.caseId), action: 'case.evidence_removed' });
}

/** Marks all evidence of a case as seen: none of it is new any longer. */
export async function markCaseSeen(act: Act, staff: Staff, caseId: CaseId): Promise<void> {
  await requireCase(act.em, staff, caseId);
  requirePermissions(staff, ['evidence.view'], await isOwnCase(act.em, staff, caseId));
  const seen = await act.em.execute<unknown[]>(
    'update case_evidence set seen_at = ? where case_id = ? and seen_at is null returning 1',
    [new Date(), caseId],
  );
  if (seen.length === 0) return;
  act.audit({
    organizationId: staff.organization.id,
    action: 'case.evidence_seen',
    objects: [caseId],
    data: { count: seen.length },
  });
}

/** Puts evidence into a case; says whether it was not in it before. */
export async function linkEvidence(em: EntityManager, pair: Pair, at: Date): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `insert into case_evidence (case_id, evidence_id, added_at) values (?, ?, ?)
     on conflict do nothing returning 1`,
    [pair.caseId, pair.evidenceId, at],
  );
  return rows.length > 0;
}
