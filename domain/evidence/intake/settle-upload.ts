/** Records what came of a verification: the upload, its evidence and the links that wait for it. */
import { LockMode } from '@mikro-orm/core';
import { type Act, type Acting, act } from '../../act.ts';
import type { EvidenceId, UploadId } from '../../ids.ts';
import type { WorkflowId } from '../../lifecycle/life.ts';
import { recalculateRetention } from '../../retention/recalculate.ts';
import {
  settleDuplicateItems,
  settleVerifiedItems,
  wakeWaitingLinks,
} from '../../sharing/download-link/settle-items.ts';
import { recordAdded } from '../../sharing/shared-facts.ts';
import { entryOf } from '../commands.ts';
import { Evidence, type ScanVerdict, Upload, type UploadFailure } from '../evidence.entity.ts';
import { findOriginal } from '../find-original.ts';
import type { Intact, Verdict } from './verify-upload.ts';
import { wakeRequest } from './wake-request.ts';

/** What was found out of a file. */
export interface Findings {
  readonly verdict: Verdict;
  /** Null where no scanner looked. */
  readonly scan: ScanVerdict | null;
  /** The workflow's clock. */
  readonly now: Date;
}

type Refused = Extract<Verdict, { type: 'refused' }>;

/** Settles an upload, in one transaction; one that is settled already stays as it is. */
export async function settleUpload(
  acting: Acting,
  workflowId: WorkflowId,
  uploadId: UploadId,
  { verdict, scan, now }: Findings,
): Promise<void> {
  await act(acting, { actor: { kind: 'lifecycle', id: workflowId } }, async (acts) => {
    const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
    const upload = await acts.em.findOneOrFail(Upload, { id: uploadId }, locked);
    if (upload.state !== 'verifying' || upload.evidenceId == null) return;
    const evidence = await acts.em.findOneOrFail(Evidence, { id: upload.evidenceId }, locked);
    acts.em.assign(upload, { settledAt: now, hashState: null, hashOffset: 0 });
    await wakeWaitingLinks(acts, evidence.id);
    if (verdict.type === 'refused') refuse(acts, upload, evidence, verdict, now);
    else {
      const original = await findOriginal(acts.em, upload, evidence.id, verdict.digest.sha256);
      if (original !== null) {
        await settleDuplicate(acts, upload, evidence, original, verdict, now);
      } else if (scan !== null && scan.verdict !== 'clean') {
        quarantine(acts, upload, evidence, verdict, scan);
      } else await accept(acts, upload, evidence, verdict, scan);
    }
    if (evidence.state === 'active' || evidence.state === 'quarantined') {
      await recalculateRetention(acts, evidence.organizationId, { evidence: [evidence.id] });
    }
    await wakeRequest(acts, upload);
  });
}

/** What verification adds to evidence. */
function foundOf({ object, digest }: Intact) {
  return { ...digest, objectVersion: object.versionId, objectEtag: object.etag };
}

/** What an event about an upload's verification is about. */
function entryOfUpload(evidence: Evidence, upload: Upload, ...others: readonly EvidenceId[]) {
  const { caseId, uploadRequestId, inviteId } = upload;
  return entryOf(evidence, ...others, upload.id, caseId, uploadRequestId, inviteId);
}

async function accept(
  acts: Act,
  upload: Upload,
  evidence: Evidence,
  verdict: Intact,
  scan: ScanVerdict | null,
): Promise<void> {
  const found = foundOf(verdict);
  // What a community member sends is nobody's before it is handed in.
  const state = upload.inviteId == null ? 'active' : 'verifying';
  acts.em.assign(evidence, { ...found, scan, state, updatedAt: new Date() });
  acts.em.assign(upload, { state: 'verified', sha256: found.sha256 });
  await settleVerifiedItems(acts, evidence.id, found);
  if (upload.caseId != null) {
    await acts.em.flush();
    await recordAdded(acts.em, upload.caseId, [evidence.id], new Date());
  }
  acts.audit({
    ...entryOfUpload(evidence, upload),
    action: 'evidence.verified',
    data: {
      size: verdict.object.size,
      sha256: found.sha256,
      ...(scan === null ? {} : { scan: scan.verdict }),
    },
  });
}

/** The bytes are kept, and given to nobody: what becomes of them is for people to decide. */
function quarantine(
  acts: Act,
  upload: Upload,
  evidence: Evidence,
  verdict: Intact,
  scan: ScanVerdict,
): void {
  const found = foundOf(verdict);
  acts.em.assign(evidence, { ...found, scan, state: 'quarantined', updatedAt: new Date() });
  acts.em.assign(upload, {
    state: 'failed',
    sha256: found.sha256,
    failure: quarantined(scan),
  });
  acts.audit({
    ...entryOfUpload(evidence, upload),
    action: 'evidence.quarantined',
    outcome: 'refused',
    reason: scan.verdict,
    data: { size: verdict.object.size, sha256: found.sha256, found: scan.detail },
  });
}

function quarantined({ verdict }: ScanVerdict): UploadFailure {
  return {
    code: 'quarantined',
    detail:
      verdict === 'infected'
        ? 'The malware scanner found something in this file. It is kept apart, and nobody can open it.'
        : 'This file is too large for the malware scanner. It is kept apart until somebody decides.',
  };
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
    ...entryOfUpload(original, upload, evidence.id),
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

function refuse(
  acts: Act,
  upload: Upload,
  evidence: Evidence,
  { failure, sha256 }: Refused,
  now: Date,
): void {
  acts.audit({
    ...entryOfUpload(evidence, upload),
    action: 'evidence.rejected',
    outcome: 'failed',
    reason: failure.code,
    data: { sha256, declared: upload.declaredSha256 ?? null },
  });
  acts.em.assign(upload, { state: 'failed', failure, sha256, evidenceId: null, tidyAt: now });
  acts.em.remove(evidence);
}
