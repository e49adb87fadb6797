import { LockMode } from '@mikro-orm/core';
import type { Act } from '../../act.ts';
import { changedAfter } from '../../change.ts';
import { databaseNow } from '../../clock.ts';
import { DomainError } from '../../errors.ts';
import type { Staff } from '../../identity/staff.ts';
import type { CaseId, EvidenceId, InviteId } from '../../ids.ts';
import { lockInviteOfFile, placeReleased } from '../../portals/submissions/release-sent.ts';
import { recalculateRetention } from '../../retention/recalculate.ts';
import { settleVerifiedItems, wakeWaitingLinks } from '../../sharing/download-link/settle-items.ts';
import { recordAdded } from '../../sharing/shared-facts.ts';
import { entryOf } from '../commands.ts';
import { type Evidence, Upload } from '../evidence.entity.ts';
import { requireEvidence } from '../visibility.ts';
import { wakeRequest } from './wake-request.ts';

/**
 * Releases evidence that was kept apart after the malware scan: somebody has looked into it, and says why
 * it may be opened. The verdict stays, with the release beside it. What came through a request counts as
 * received from now on; what a community member sent is handed in with the rest, or waits for triage with
 * what was handed in.
 * @throws DomainError `not-found`, `permission-missing`; `wrong-state` unless it is quarantined
 */
export async function releaseEvidence(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  reason: string,
): Promise<Evidence> {
  const { em } = act;
  await requireEvidence(em, staff, evidenceId, 'evidence.triage');
  const [sent] = await em.execute<{ invite_id: InviteId }[]>(
    `select invite_id from uploads where evidence_id = ? and state = 'failed' and invite_id is not null`,
    [evidenceId],
  );
  if (sent !== undefined) await lockInviteOfFile(em, sent.invite_id);
  // The upload comes before its evidence, as where it is settled.
  const upload = await em.findOne(
    Upload,
    { evidenceId, state: 'failed' },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const evidence = await requireEvidence(em, staff, evidenceId, 'evidence.triage', { lock: true });
  const { state, scan, sha256, crc32, objectEtag, objectVersion } = evidence;
  if (state !== 'quarantined' || scan == null) {
    throw new DomainError('wrong-state', 'This evidence is not in quarantine.', {
      members: { state },
    });
  }
  if (sha256 == null || crc32 == null || objectEtag == null) {
    throw new Error('evidence is quarantined that was never read back');
  }
  const now = await databaseNow(em);
  const release = { by: staff.id, at: now.toISOString(), reason };
  const placed =
    upload?.inviteId == null ? null : await placeReleased(em, upload.inviteId, evidenceId);
  if (placed !== null) await em.refresh(evidence);
  em.assign(evidence, {
    state: placed?.state ?? 'active',
    scan: { ...scan, release },
    updatedAt: changedAfter(evidence.updatedAt),
  });
  if (upload !== null) em.assign(upload, { state: 'verified', failure: null, settledAt: now });
  await em.flush();
  await wakeWaitingLinks(act, evidenceId);
  await settleVerifiedItems(act, evidenceId, {
    ...{ sha256, crc32, objectEtag },
    objectVersion: objectVersion ?? null,
  });
  const caseIds = await casesOf(act, evidenceId);
  for (const caseId of caseIds) await recordAdded(em, caseId, [evidenceId], now);
  await recalculateRetention(act, evidence.organizationId, { evidence: [evidenceId] });
  act.audit({
    ...entryOf(
      evidence,
      ...caseIds,
      upload?.id,
      upload?.uploadRequestId,
      upload?.inviteId,
      placed?.submissionId,
    ),
    action: 'evidence.released',
    data: { verdict: scan.verdict, found: scan.detail },
  });
  if (upload !== null) await wakeRequest(act, upload);
  return evidence;
}

async function casesOf({ em }: Act, evidenceId: EvidenceId): Promise<CaseId[]> {
  const rows = await em.execute<{ id: CaseId }[]>(
    'select case_id as id from case_evidence where evidence_id = ? order by case_id',
    [evidenceId],
  );
  return rows.map(({ id }) => id);
}
