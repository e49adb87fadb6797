/**
 * What is recorded of staff who fetch original files (`RULES.md` section 8): two events a download and
 * not two a range, however many requests a player or a download manager makes of it.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Act, type Acting, act } from '../act.ts';
import type { ByteRange } from '../archive/ranges.ts';
import type { Staff } from '../identity/staff.ts';
import {
  type ContentSessionId,
  type EvidenceId,
  newId,
  type OrganizationId,
  type UserId,
} from '../ids.ts';
import type { DownloadOutcome } from '../sharing/download-accounting.ts';
import { entryOf } from './commands.ts';
import { Evidence } from './evidence.entity.ts';

/** SQL over a row called `session`: nobody has asked for bytes for half an hour. */
const IDLE = `session.last_active_at < clock_timestamp() - interval '30 minutes'`;

/** SQL over a row called `session` and its evidence: every byte of the file was handed out. */
const COVERED = 'session.covered @> int8range(0, evidence.size)';

/** Begins a download, or goes on with the one that this user has under way of this file. */
export async function beginContent(
  acts: Act,
  staff: Staff,
  evidence: Evidence,
): Promise<ContentSessionId> {
  const { em } = acts;
  const [open] = await em.execute<{ id: ContentSessionId; idle: boolean }[]>(
    `select session.id, ${IDLE} as idle from content_sessions session
     where session.evidence_id = ? and session.user_id = ? and session.ended_at is null for update`,
    [evidence.id, staff.id],
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
    `insert into content_sessions (id, organization_id, evidence_id, user_id, began_at, last_active_at)
     values (?, ?, ?, ?, clock_timestamp(), clock_timestamp())
     on conflict (evidence_id, user_id) where ended_at is null do nothing returning 1`,
    [id, evidence.organizationId, evidence.id, staff.id],
  );
  // Another request of the same user began it in this moment.
  if (begun.length === 0) return beginContent(acts, staff, evidence);
  acts.audit({ ...entryOf(evidence), action: 'evidence.download_began' });
  return id;
}

/**
 * Adds bytes that were handed to the user, from `start` up to, not including, `end`.
 * @returns whether the download that is under way has all of the file now: end it as complete
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

/** Ends a download, once; one that has all of the file is complete, whatever made it end. */
export async function endContent(
  acts: Act,
  sessionId: ContentSessionId,
  outcome: DownloadOutcome,
): Promise<void> {
  const [row] = await acts.em.execute<
    { evidence_id: EvidenceId; bytes_served: string; complete: boolean }[]
  >(
    `update content_sessions session set ended_at = clock_timestamp()
     from evidence where evidence.id = session.evidence_id
       and session.id = ? and session.ended_at is null and (? or ${IDLE})
     returning session.evidence_id, session.bytes_served, ${COVERED} as complete`,
    [sessionId, outcome !== 'abandoned'],
  );
  if (row === undefined) return;
  const ended = row.complete ? 'complete' : outcome;
  acts.audit({
    ...entryOf(await acts.em.findOneOrFail(Evidence, row.evidence_id)),
    action: 'evidence.download_ended',
    outcome: ended === 'failed' ? 'failed' : 'done',
    reason: ended,
    data: { bytes: Number(row.bytes_served) },
  });
}

/** Downloads that one look for idle ones ends. */
const MOST_ENDED = 100;

/** Ends what nobody has gone on with for half an hour: the user went away. */
export async function endIdleContent(acting: Acting): Promise<void> {
  const idle = await acting.database.em
    .fork()
    .execute<{ id: ContentSessionId; user_id: UserId; organization_id: OrganizationId }[]>(
      `select session.id, session.user_id, session.organization_id from content_sessions session
       where session.ended_at is null and ${IDLE} order by session.last_active_at limit ?`,
      [MOST_ENDED],
    );
  for (const { id, user_id, organization_id } of idle) {
    const actor = { kind: 'user', id: user_id, organizationId: organization_id } as const;
    await act(acting, { actor }, (acts) => endContent(acts, id, 'abandoned'));
  }
}
