/** Records what came of a verification: the upload, its evidence and the links that wait for it. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Act, type Acting, act } from '../act.ts';
import type { CaseId, EvidenceId, UploadId } from '../ids.ts';
import type { WorkflowId } from '../lifecycle/life.ts';
import {
  settleDuplicateItems,
  settleVerifiedItems,
  wakeWaitingLinks,
} from '../sharing/settle-items.ts';
import { entryOf } from './commands.ts';
import { Evidence, Upload } from './evidence.entity.ts';
import type { Verdict } from './verify-upload.ts';

/**
 * Settles an upload by its verdict, in one transaction; one that is settled already stays as it is.
 * @param now the workflow's clock
 */
export async function settleUpload(
  acting: Acting,
  workflowId: WorkflowId,
  uploadId: UploadId,
  verdict: Verdict,
  now: Date,
): Promise<void> {
  await act(acting, { actor: { kind: 'lifecycle', id: workflowId } }, async (acts) => {
    const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
    const upload = await acts.em.findOneOrFail(Upload, { id: uploadId }, locked);
    if (upload.state !== 'verifying' || upload.evidenceId == null) return;
    const evidence = await acts.em.findOneOrFail(Evidence, { id: upload.evidenceId }, locked);
    acts.em.assign(upload, { settledAt: now, hashState: null, hashOffset: 0 });
    await wakeWaitingLinks(acts, evidence.id);
    if (verdict.type === 'refused') return refuse(acts, upload, evidence, verdict, now);
    const original = await findOriginal(
      acts.em,
      upload.caseId ?? null,
      evidence.id,
      verdict.digest.sha256,
    );
    if (original !== null) return settleDuplicate(acts, upload, evidence, original, verdict, now);
    return accept(acts, upload, evidence, verdict);
  });
}

type Intact = Extract<Verdict, { type: 'intact' }>;
type Refused = Extract<Verdict, { type: 'refused' }>;

async function accept(
  acts: Act,
  upload: Upload,
  evidence: Evidence,
  verdict: Intact,
): Promise<void> {
  const { object, digest } = verdict;
  const found = { ...digest, objectVersion: object.versionId, objectEtag: object.etag };
  acts.em.assign(evidence, { ...found, state: 'active', updatedAt: new Date() });
  acts.em.assign(upload, { state: 'verified', sha256: digest.sha256 });
  await settleVerifiedItems(acts, evidence.id, found);
  acts.audit({
    ...entryOf(evidence, upload.id, upload.caseId),
    action: 'evidence.verified',
    data: { size: object.size, sha256: digest.sha256 },
  });
}

async function settleDuplicate(
  acts: Act,
  upload: Upload,
  evidence: Evidence,
  original: Evidence,
  { digest }: Intact,
  now: Date,
): Promise<void> {
  await settleDuplicateItems(acts, evidence.id, original.id);
  acts.audit({
    // The original's: the event says what its bytes are, and it is as confidential as that.
    ...entryOf(original, evidence.id, upload.id, upload.caseId),
    action: 'evidence.duplicate',
    data: { sha256: digest.sha256, duplicateOf: original.id },
  });
  acts.em.assign(upload, {
    state: 'duplicate',
    sha256: digest.sha256,
    evidenceId: original.id,
    tidyAt: now,
  });
  acts.em.remove(evidence);
}

async function refuse(
  acts: Act,
  upload: Upload,
  evidence: Evidence,
  { failure, sha256 }: Refused,
  now: Date,
): Promise<void> {
  acts.audit({
    ...entryOf(evidence, upload.id, upload.caseId),
    action: 'evidence.rejected',
    outcome: 'failed',
    reason: failure.code,
    data: { sha256, declared: upload.declaredSha256 ?? null },
  });
  acts.em.assign(upload, { state: 'failed', failure, sha256, evidenceId: null, tidyAt: now });
  acts.em.remove(evidence);
}

/**
 * Evidence of the same case with the same bytes (`RULES.md` section 4). The lock is held until the
 * transaction ends: of two equal files that are verified at once, the second finds the first.
 */
async function findOriginal(
  em: EntityManager,
  caseId: CaseId | null,
  evidenceId: EvidenceId,
  sha256: string,
): Promise<Evidence | null> {
  if (caseId === null) return null;
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended('evidence:' || ? || ':' || ?, 0))`,
    [caseId, sha256],
  );
  const [original] = await em.execute<{ id: EvidenceId }[]>(
    `select e.id from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ce.case_id = ? and e.id <> ? and e.sha256 = ?
       and e.state in ('active', 'triage_pending', 'quarantined')
       and exists (select 1 from case_evidence own where own.case_id = ? and own.evidence_id = ?)
     order by e.id limit 1`,
    [caseId, evidenceId, sha256, caseId, evidenceId],
  );
  return original === undefined ? null : em.findOneOrFail(Evidence, original.id);
}
