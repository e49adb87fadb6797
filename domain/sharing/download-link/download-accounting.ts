/** What is recorded of downloads: that they began and ended, and which bytes were handed out. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { CutCause, DownloadOutcome } from '../../audit/event.ts';
import type { DownloadSessionId } from '../../ids.ts';
import { deadState, type KnownSession, lockShare } from './download-session.ts';
import { notifyFirstDownload } from './link-notices.ts';
import { type DeadState, LINK_ALIVE, LINK_STATE, type LinkState } from './link-state.ts';

/** SQL over a row called `session` and its share: every byte of the archive was handed out. */
const COVERED = 'session.covered @> int8range(0, shares.package_size)';

/** SQL over a row called `shares`: evidence that is classed confidential is in its archive. */
const HOLDS_CONFIDENTIAL = `exists (
  select from share_items item join evidence on evidence.id = item.evidence_id
  where item.share_id = shares.id and evidence.classification = 'confidential'
)`;

/**
 * Begins a download, or goes on with one: the first request for bytes counts the session against the
 * share's limit. Exact, since it is decided under the share's lock.
 * @returns the reason where the link died meanwhile, or another session took the last place
 */
export async function beginDownload(
  act: Act,
  session: KnownSession,
): Promise<{ type: 'begun' } | { type: 'dead'; state: DeadState }> {
  const { em } = act;
  await lockShare(em, session.shareId);
  const [row] = await em.execute<
    {
      alive: boolean;
      state: LinkState;
      counted: boolean;
      downloading: boolean;
      confidential: boolean;
    }[]
  >(
    `select ${LINK_ALIVE} as alive, ${LINK_STATE} as state, session.counted_at is not null as counted,
            session.began_at is not null and session.ended_at is null as downloading,
            ${HOLDS_CONFIDENTIAL} as confidential
     from download_sessions session join shares on shares.id = session.share_id
     where session.id = ? for update of session`,
    [session.sessionId],
  );
  if (row === undefined) throw new Error('a session that was authorised is gone');
  if (row.state !== 'active' && !(row.alive && row.counted)) {
    return { type: 'dead', state: deadState(row.state) };
  }
  if (row.downloading && row.counted) return { type: 'begun' };
  // After a complete download the next one starts from nothing; after a broken one it goes on.
  await em.execute(
    `update download_sessions session
     set counted_at = coalesce(counted_at, clock_timestamp()), began_at = clock_timestamp(),
         ended_at = null, last_active_at = clock_timestamp(),
         covered = case when ${COVERED} then '{}' else session.covered end
     from shares where shares.id = session.share_id and session.id = ?`,
    [session.sessionId],
  );
  act.audit({
    organizationId: session.organizationId,
    action: 'share.download_began',
    objects: [session.shareId, session.caseId, session.sessionId],
    confidential: row.confidential,
  });
  act.wake({ kind: 'download-link', entityId: session.shareId, ...session });
  return { type: 'begun' };
}

/**
 * Adds bytes that were handed to the client, from `start` up to, not including, `end`.
 * @returns whether the download that is under way has all of the archive now: end it as complete
 */
export async function accountRange(
  em: EntityManager,
  sessionId: DownloadSessionId,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<boolean> {
  const [row] = await em.execute<{ complete: boolean }[]>(
    `update download_sessions session
     set bytes_served = bytes_served + ?, last_active_at = clock_timestamp(),
         covered = session.covered + int8multirange(int8range(?, ?))
     from shares where shares.id = session.share_id and session.id = ?
     returning session.began_at is not null and session.ended_at is null and ${COVERED} as complete`,
    [end - start, start, end, sessionId],
  );
  return row?.complete ?? false;
}

/**
 * Ends the download of a session, once: nothing happens where none is under way. One that has all of
 * the archive is complete, whatever made it end; the first complete one of a share tells its creator,
 * if asked for.
 * @param cause why it was cut: the link died, or nobody could say that it did not
 */
export async function endDownload(
  act: Act,
  session: KnownSession,
  outcome: DownloadOutcome,
  cause?: CutCause,
): Promise<void> {
  const { em } = act;
  await lockShare(em, session.shareId);
  const [row] = await em.execute<
    {
      complete: boolean;
      downloading: boolean;
      bytes_served: string;
      first: boolean;
      notify: boolean;
      confidential: boolean;
    }[]
  >(
    `select ${COVERED} as complete, session.bytes_served,
            session.began_at is not null and session.ended_at is null as downloading,
            shares.first_download_at is null as first, shares.notify_on_first_download as notify,
            ${HOLDS_CONFIDENTIAL} as confidential
     from download_sessions session join shares on shares.id = session.share_id
     where session.id = ? for update of session`,
    [session.sessionId],
  );
  if (!row?.downloading) return;
  const ended = row.complete ? 'complete' : outcome;
  await em.execute(
    `update download_sessions
     set ended_at = clock_timestamp(),
         completed_at = case when ? then coalesce(completed_at, clock_timestamp()) else completed_at end
     where id = ?`,
    [row.complete, session.sessionId],
  );
  act.audit({
    organizationId: session.organizationId,
    action: 'share.download_ended',
    objects: [session.shareId, session.caseId, session.sessionId],
    outcome: ended === 'failed' ? 'failed' : 'done',
    reason: ended,
    confidential: row.confidential,
    data: {
      bytes: Number(row.bytes_served),
      ...(ended === 'cut' && cause !== undefined ? { cause } : {}),
    },
  });
  if (row.complete && row.first) {
    await em.execute('update shares set first_download_at = clock_timestamp() where id = ?', [
      session.shareId,
    ]);
    if (row.notify) await notifyFirstDownload(act, session.shareId);
  }
}

/** Records that a session of a dead link asked for the archive and was refused. */
export function recordRefusedDownload(act: Act, session: KnownSession, state: DeadState): void {
  act.audit({
    organizationId: session.organizationId,
    action: 'share.refused',
    objects: [session.shareId, session.caseId, session.sessionId],
    outcome: 'refused',
    reason: state,
  });
}
