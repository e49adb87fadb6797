/** Accepting and declining what was handed in (product rules, section 5): the first decision counts. */
import { LockMode } from '@mikro-orm/core';
import type { Act } from '../../act.ts';
import { linkEvidence } from '../../cases/case-evidence.ts';
import { databaseNow } from '../../clock.ts';
import { DomainError, notFound } from '../../errors.ts';
import { entryOf } from '../../evidence/commands.ts';
import { Evidence } from '../../evidence/evidence.entity.ts';
import { Organization } from '../../identity/organization.entity.ts';
import type { Staff } from '../../identity/staff.ts';
import type { EvidenceId, SubmissionId, UserId } from '../../ids.ts';
import { recalculateRetention } from '../../retention/recalculate.ts';
import { recordAdded } from '../../sharing/shared-facts.ts';
import { type LockedSubmission, lockSubmission } from './submission-policy.ts';
import { type Decided, type Decision, objectionTo } from './triage-rule.ts';

/** A decision that somebody asks for. */
export interface Asked {
  readonly submissionId: SubmissionId;
  readonly decision: Decision;
  /** Milliseconds that the request has been here for. */
  readonly waited: number;
}

interface FileRow {
  readonly evidence_id: EvidenceId;
  readonly decision: Decision | null;
  readonly decided_by: UserId | null;
  readonly decided_at: Date | string | null;
}

/**
 * Accepts or declines one file.
 * @throws DomainError `not-found`, `permission-missing`; `wrong-state` where it was decided before, with
 *   the decision
 */
export async function decideFile(
  act: Act,
  staff: Staff,
  asked: Asked,
  evidenceId: EvidenceId,
): Promise<void> {
  const known = await decisionOf(act, asked.submissionId, evidenceId);
  const submission = await lockSubmission(act.em, staff, asked.submissionId);
  const [file] = await readFiles(act, submission, 'and evidence_id = ?', [evidenceId]);
  if (file === undefined) throw notFound('file in this submission');
  await requireUndecided(act, staff, asked, { ...file, madeMeanwhile: file.decision !== known });
  await decide(act, staff, { submission, decision: asked.decision, evidenceIds: [evidenceId] });
}

/**
 * Accepts or declines every file that nobody has decided about.
 * @throws DomainError `not-found`, `permission-missing`; `wrong-state` where there is none
 */
export async function decideRemaining(
  act: Act,
  staff: Staff,
  { submissionId, decision }: Pick<Asked, 'submissionId' | 'decision'>,
): Promise<void> {
  const submission = await lockSubmission(act.em, staff, submissionId);
  const files = await readFiles(act, submission, 'and decision is null', []);
  if (files.length === 0) {
    throw new DomainError('wrong-state', 'All files of this submission are decided.');
  }
  const evidenceIds = files.map((file) => file.evidence_id);
  await decide(act, staff, { submission, decision, evidenceIds });
}

/** What is decided about a file before any lock is waited for: nobody who asks can know more. */
async function decisionOf(
  { em }: Act,
  submissionId: SubmissionId,
  evidenceId: EvidenceId,
): Promise<Decision | null> {
  const [file] = await em.execute<Pick<FileRow, 'decision'>[]>(
    'select decision from submission_files where submission_id = ? and evidence_id = ?',
    [submissionId, evidenceId],
  );
  return file?.decision ?? null;
}

async function readFiles(
  { em }: Act,
  { id }: LockedSubmission,
  which: string,
  values: readonly unknown[],
): Promise<FileRow[]> {
  return em.execute<FileRow[]>(
    `select evidence_id, decision, decided_by, decided_at from submission_files
     where submission_id = ? ${which} order by evidence_id for update`,
    [id, ...values],
  );
}

async function requireUndecided(
  { em }: Act,
  staff: Staff,
  { decision, waited }: Asked,
  file: FileRow & { readonly madeMeanwhile: boolean },
): Promise<void> {
  const now = await databaseNow(em);
  const { declinedRetentionDays } = await em.findOneOrFail(Organization, staff.organization.id);
  const before: Decided | null =
    file.decision === null || file.decided_at === null
      ? null
      : {
          decision: file.decision,
          by: file.decided_by,
          at: new Date(file.decided_at),
          madeMeanwhile: file.madeMeanwhile,
        };
  const objection = objectionTo(decision, before, {
    by: staff.id,
    asked: new Date(now.getTime() - waited),
    now,
    declinedRetentionDays,
  });
  if (objection === null) return;
  const details = {
    decided: `This file was ${before?.decision ?? 'decided'} before.`,
    'decided meanwhile':
      'Somebody declined this file just now. Look at it again; it can still be accepted.',
    'no longer kept': `This file was declined more than ${declinedRetentionDays} days ago, and is kept no longer.`,
  } as const;
  throw new DomainError('wrong-state', details[objection], {
    members: { decision: before?.decision ?? null, decidedAt: before?.at.toISOString() ?? null },
  });
}

/** The state that evidence must be in for a decision about it. */
const UNDECIDED = ['triage_pending', 'declined'] as const;

async function decide(
  act: Act,
  staff: Staff,
  {
    submission,
    decision,
    evidenceIds,
  }: {
    readonly submission: LockedSubmission;
    readonly decision: Decision;
    readonly evidenceIds: readonly EvidenceId[];
  },
): Promise<void> {
  const { em } = act;
  const now = await databaseNow(em);
  const { portal, inviteId } = submission;
  const intoCase = decision === 'accepted' ? (portal.caseId ?? null) : null;
  for (const id of evidenceIds) {
    const evidence = await em.findOneOrFail(
      Evidence,
      { id },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (!UNDECIDED.some((state) => state === evidence.state)) {
      throw new DomainError('wrong-state', `This file is ${evidence.state} now.`, {
        members: { state: evidence.state },
      });
    }
    em.assign(evidence, { state: decision === 'accepted' ? 'active' : 'declined', updatedAt: now });
    await em.execute(
      `update submission_files set decision = ?, decided_by = ?, decided_at = ?
       where submission_id = ? and evidence_id = ?`,
      [decision, staff.id, now, submission.id, id],
    );
    if (intoCase !== null) await linkEvidence(em, { caseId: intoCase, evidenceId: id }, now);
    act.audit({
      ...entryOf(evidence, submission.id, portal.id, inviteId, intoCase),
      action: decision === 'accepted' ? 'submission.file_accepted' : 'submission.file_declined',
    });
  }
  await em.flush();
  if (intoCase !== null) await recordAdded(em, intoCase, evidenceIds, now);
  await recalculateRetention(act, submission.organizationId, { evidence: evidenceIds });
}
