/**
 * What is recorded of whoever reads files of evidence (product rules, section 8): two events a preview or
 * download and not two a range, however many requests a player or a download manager makes of it. They
 * stand in the chain of the evidence's organization, also for recipients at a partner.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Act, type Acting, act } from '../act.ts';
import type { ByteRange } from '../archive/ranges.ts';
import type { AuditAction, CutCause, DownloadOutcome } from '../audit/event.ts';
import {
  type CaseId,
  type ContentSessionId,
  type EvidenceId,
  newId,
  type OrganizationId,
  type ShareId,
  type UserId,
} from '../ids.ts';
import { entryOf } from './commands.ts';
import { Evidence } from './evidence.entity.ts';

/** What a file is read for: to be shown in place, or to be had. */
export type ReadingMode = 'preview' | 'content';

/** Somebody who reads a file. */
export interface Reading {
  readonly mode: ReadingMode;
  readonly userId: UserId;
  readonly evidence: Evidence;
  /** The partner access by which a recipient reads; null for staff of the evidence's organization. */
  readonly share: { readonly id: ShareId; readonly caseId: CaseId } | null;
}

const ACTIONS = {
  preview: { began: 'evidence.preview_began', ended: 'evidence.preview_ended' },
  content: { began: 'evidence.download_began', ended: 'evidence.download_ended' },
} as const satisfies Record<ReadingMode, Record<string, AuditAction>>;

/** SQL over a row called `session`: nobody has asked for bytes for half an hour. */
const IDLE = `session.last_active_at < clock_timestamp() - interval '30 minutes'`;

/** SQL over a row called `session` and its evidence: every byte of the file was handed out. */
const COVERED = 'session.covered @> int8range(0, evidence.size)';

/** Begins a preview or download, or goes on with the one that this user has under way of this file. */
export async function beginContent(acts: Act, reading: Reading): Promise<ContentSessionId> {
  const { em } = acts;
  const { mode, userId, evidence, share } = reading;
  const [open] = await em.execute<{ id: ContentSessionId; idle: boolean }[]>(
    `select session.id, ${IDLE} as idle from content_sessions session
     where session.evidence_id = ? and session.user_id = ? and session.mode = ?
       and session.share_id is not distinct from ?::uuid and session.ended_at is null for update`,
    [evidence.id, userId, mode, share?.id ?? null],
  );
  if (open !== undefined && !open.idle) {
    await em.execute(
      'update content_sessions set last_active_at = clock_timestamp() where id = ?',
      [open.id],
    );
    return open.id;
  }
  if (open !== undefined) await endContent(acts, open.id, 'abandoned');
  const id = newId<ContentSessionId>();
  const begun = await em.execute<unknown[]>(
    `insert into content_sessions
       (id, organization_id, evidence_id, user_id, mode, share_id, began_at, last_active_at)
     values (?, ?, ?, ?, ?, ?, clock_timestamp(), clock_timestamp())
     on conflict (evidence_id, user_id, mode, share_id) where ended_at is null
     do nothing returning 1`,
    [id, evidence.organizationId, evidence.id, userId, mode, share?.id ?? null],
  );
  // Another request of the same user began it in this moment.
  if (begun.length === 0) return beginContent(acts, reading);
  acts.audit({
    ...entryOf(evidence, share?.id, share?.caseId),
    action: ACTIONS[mode].began,
    data: { grant: share === null ? 'staff' : 'partner_access' },
  });
  return id;
}

/**
 * Adds bytes that were handed to the user, from `start` up to, not including, `end`.
 * @returns whether what is under way has all of the file now: end it as complete
 */
export async function accountContent(
  em: EntityManager,
  sessionId: ContentSessionId,
  { start, end }: ByteRange,
): Promise<boolean> {
  const [row] = await em.execute<{ complete: boolean }[]>(
    `update content_sessions session
     set bytes_served = bytes_served + ?, last_active_at = clock_timestamp(),
         covered = session.covered + int8multirange(int8range(?, ?))
     from evidence where evidence.id = session.evidence_id and session.id = ?
     returning session.ended_at is null and ${COVERED} as complete`,
    [end - start, start, end, sessionId],
  );
  return row?.complete ?? false;
}

interface EndedRow {
  readonly evidence_id: EvidenceId;
  readonly mode: ReadingMode;
  readonly share_id: ShareId | null;
  readonly case_id: CaseId | null;
  readonly bytes_served: string;
  readonly complete: boolean;
}

/**
 * Ends a preview or download, once; one that has all of the file is complete, whatever made it end.
 * @param cause why it was cut
 */
export async function endContent(
  acts: Act,
  sessionId: ContentSessionId,
  outcome: DownloadOutcome,
  cause?: CutCause,
): Promise<void> {
  const [row] = await acts.em.execute<EndedRow[]>(
    `update content_sessions session set ended_at = clock_timestamp()
     from evidence where evidence.id = session.evidence_id
       and session.id = ? and session.ended_at is null and (? or ${IDLE})
     returning session.evidence_id, session.mode, session.share_id, session.bytes_served,
       (select shares.case_id from shares where shares.id = session.share_id) as case_id,
       ${COVERED} as complete`,
    [sessionId, outcome !== 'abandoned'],
  );
  if (row === undefined) return;
  const ended = row.complete ? 'complete' : outcome;
  const evidence = await acts.em.findOneOrFail(Evidence, row.evidence_id);
  acts.audit({
    ...entryOf(evidence, row.share_id, row.case_id),
    action: ACTIONS[row.mode].ended,
    outcome: ended === 'failed' ? 'failed' : 'done',
    reason: ended,
    data: {
      bytes: Number(row.bytes_served),
      ...(ended === 'cut' && cause !== undefined ? { cause } : {}),
    },
  });
}

/** Previews and downloads that one look for idle ones ends. */
const MOST_ENDED = 100;

/** Ends what nobody has gone on with for half an hour: the user went away. */
export async function endIdleContent(acting: Acting): Promise<void> {
  const idle = await acting.database.em
    .fork()
    .execute<{ id: ContentSessionId; user_id: UserId; organization_id: OrganizationId }[]>(
      `select session.id, session.user_id, u.organization_id
       from content_sessions session join users u on u.id = session.user_id
       where session.ended_at is null and ${IDLE} order by session.last_active_at limit ?`,
      [MOST_ENDED],
    );
  for (const { id, user_id, organization_id } of idle) {
    const actor = { kind: 'user', id: user_id, organizationId: organization_id } as const;
    await act(acting, { actor }, (acts) => endContent(acts, id, 'abandoned'));
  }
}
