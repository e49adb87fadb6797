import type { EntityManager } from '@mikro-orm/postgresql';
import type { CaseId, EvidenceId, InviteId } from '../ids.ts';
import { Evidence, type Upload } from './evidence.entity.ts';

/**
 * Evidence that has the same bytes already (product rules, sections 4 and 5): of a file that came through
 * an invite, among what came through the same one; through a request, in its case and through the same
 * request; of any other, in its case. The lock is held until the transaction ends: of two equal files
 * that are verified at once, the second finds the first. The original is locked too, so that it is not
 * deleted while another file comes to rely on it.
 */
export async function findOriginal(
  em: EntityManager,
  { id, caseId, uploadRequestId, inviteId }: Upload,
  evidenceId: EvidenceId,
  sha256: string,
): Promise<Evidence | null> {
  if (inviteId != null) {
    await lockDigest(em, inviteId, sha256);
    const [original] = await em.execute<{ id: EvidenceId }[]>(
      `select evidence_id as id from uploads
       where invite_id = ? and id <> ? and state = 'verified' and sha256 = ? order by id limit 1`,
      [inviteId, id, sha256],
    );
    return found(em, original);
  }
  if (caseId == null) return null;
  await lockDigest(em, caseId, sha256);
  const request = uploadRequestId ?? null;
  const [original] = await em.execute<{ id: EvidenceId }[]>(
    `select e.id from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ce.case_id = ? and e.id <> ? and e.sha256 = ?
       and e.state in ('active', 'triage_pending', 'quarantined')
       and exists (select 1 from case_evidence own where own.case_id = ? and own.evidence_id = ?)
       and (?::uuid is null or exists (
         select 1 from uploads u where u.evidence_id = e.id and u.upload_request_id = ?))
     order by e.id limit 1 for share of e`,
    [caseId, evidenceId, sha256, caseId, evidenceId, request, request],
  );
  return found(em, original);
}

/** Held until the transaction ends by whoever looks for a file of these bytes there, or takes it away. */
export async function lockDigest(
  em: EntityManager,
  within: CaseId | InviteId,
  sha256: string,
): Promise<void> {
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended('evidence:' || ? || ':' || ?, 0))`,
    [within, sha256],
  );
}

function found(
  em: EntityManager,
  original: { readonly id: EvidenceId } | undefined,
): Promise<Evidence> | null {
  return original === undefined ? null : em.findOneOrFail(Evidence, original.id);
}
