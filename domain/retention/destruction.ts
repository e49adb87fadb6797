/** The second phase of a deletion: it is decided, the store is emptied, and what it was is noted. */
import { LockMode } from '@mikro-orm/core';
import type { Act } from '../act.ts';
import { changedAfter } from '../change.ts';
import { entryOf } from '../evidence/commands.ts';
import { Evidence } from '../evidence/evidence.entity.ts';
import type { CaseId, EvidenceId } from '../ids.ts';
import type { Deletion } from './deletion.ts';
import { recalculateRetention } from './recalculate.ts';

/**
 * Decides that evidence is destroyed, by whoever asked every question in this transaction. From here on
 * nobody is given a byte of it and nobody can take it back; its objects are removed afterwards.
 */
export async function decideDestruction(
  act: Act,
  evidence: Evidence,
  queuedBy: Deletion['queuedBy'],
  now: Date,
): Promise<void> {
  const { em } = act;
  em.assign(evidence, { state: 'destroyed', updatedAt: changedAfter(evidence.updatedAt) });
  await em.flush();
  await em.execute('update evidence set retention_look_at = null where id = ?', [evidence.id]);
  await em.execute(
    'update deletions set decided_at = ?, next_attempt_at = ? where evidence_id = ?',
    [now, now, evidence.id],
  );
  act.audit({
    ...entryOf(evidence),
    action: 'evidence.destruction_decided',
    data: { by: queuedBy },
  });
  // What the rule queued was kept the longest of its cases; what somebody deletes may have kept the others.
  if (queuedBy === 'rule') return;
  const cases = await em.execute<{ id: CaseId }[]>(
    `select c.id from case_evidence ce join cases c on c.id = ce.case_id
     where ce.evidence_id = ? and c.retention_policy = 'longest_retention_period'`,
    [evidence.id],
  );
  await recalculateRetention(act, evidence.organizationId, { cases: cases.map(({ id }) => id) });
}

/**
 * Ends a destruction when nothing of the evidence can be read from the store any more. What stays of the
 * row says what there was: number, title, file name, type, size, hashes, times, the cases it lay in. What
 * people wrote to it, who had access, and where it was recorded is erased.
 * @param objects how many objects it had, for the audit: not what one attempt removed, since another may
 *   have been killed after it had removed them
 * @returns false where another worker has ended it
 */
export async function endDestruction(
  act: Act,
  evidenceId: EvidenceId,
  objects: number,
  now: Date,
): Promise<boolean> {
  const { em } = act;
  const evidence = await em.findOneOrFail(
    Evidence,
    { id: evidenceId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  const ended = await em.execute<unknown[]>(
    `update deletions set gone_at = ?, next_attempt_at = null, failure = null
     where evidence_id = ? and decided_at is not null and gone_at is null returning 1`,
    [now, evidenceId],
  );
  if (ended.length === 0) return false;
  for (const table of ERASED) {
    await em.execute(`delete from ${table} where evidence_id = ?`, [evidenceId]);
  }
  em.assign(
    evidence,
    {
      description: null,
      tags: [],
      customMetadata: {},
      source: {},
      location: null,
      gpsTrack: null,
      fleet: null,
      queuedForDeletionOn: null,
      updatedAt: changedAfter(evidence.updatedAt),
    },
    { mergeObjectProperties: false },
  );
  act.audit({
    ...entryOf(evidence),
    action: 'evidence.destroyed',
    data: { size: evidence.size, sha256: evidence.sha256, objects },
  });
  return true;
}

/** What hangs on evidence and goes with it. */
const ERASED = [
  'evidence_notes',
  'evidence_markers',
  'evidence_access',
  'evidence_categories',
  'evidence_attachments',
] as const;
