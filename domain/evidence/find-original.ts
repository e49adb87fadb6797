import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceId } from '../ids.ts';
import { Evidence, type Upload } from './evidence.entity.ts';

/**
 * Evidence that has the same bytes already (product rules, section 4): of a file that came through a
 * request, in its case and through the same request; of any other, in its case. The lock is held until
 * the transaction ends: of two equal files that are verified at once, the second finds the first.
 */
export async function findOriginal(
  em: EntityManager,
  { caseId, uploadRequestId }: Upload,
  evidenceId: EvidenceId,
  sha256: string,
): Promise<Evidence | null> {
  if (caseId == null) return null;
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended('evidence:' || ? || ':' || ?, 0))`,
    [caseId, sha256],
  );
  const request = uploadRequestId ?? null;
  const [original] = await em.execute<{ id: EvidenceId }[]>(
    `select e.id from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ce.case_id = ? and e.id <> ? and e.sha256 = ?
       and e.state in ('active', 'triage_pending', 'quarantined')
       and exists (select 1 from case_evidence own where own.case_id = ? and own.evidence_id = ?)
       and (?::uuid is null or exists (
         select 1 from uploads u where u.evidence_id = e.id and u.upload_request_id = ?))
     order by e.id limit 1`,
    [caseId, evidenceId, sha256, caseId, evidenceId, request, request],
  );
  return original === undefined ? null : em.findOneOrFail(Evidence, original.id);
}
