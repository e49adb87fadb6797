/** Downloads under way in this process, and whether they may go on: asked of PostgreSQL all the time. */
import type { DownloadSessionId } from '../../domain/ids.ts';
import { type DeadState, LINK_ALIVE, LINK_STATE } from '../../domain/sharing/link-state.ts';
import type { Database } from '../../platform/database.ts';
import type { Logger } from '../../platform/logging.ts';

/** Why a stream was cut: its link died, or PostgreSQL could not be asked for too long. */
export type CutReason = DeadState | 'unavailable';

/** A download under way. */
export interface RunningStream {
  /** Says that the stream was cut, with a `CutReason` as its reason. */
  readonly signal: AbortSignal;
  /** Passes while the last authorisation is fresh, and holds until the next one: no answer, no bytes. */
  gate(): void | Promise<void>;
  /** The stream is over, however it ended. */
  end(): void;
}

export interface RunningStreams {
  /**
   * @param authorisedAt when the authorisation of this stream was asked for, by `performance.now()`
   * @param cut breaks the connection; called before the signal is given
   */
  begin(sessionId: DownloadSessionId, authorisedAt: number, cut: () => void): RunningStream;
  readonly count: number;
  countOf(sessionId: DownloadSessionId): number;
}

/** Milliseconds. The first two together stay below the second that a revoke may take to be felt. */
const TIMES = { poll: 250, fresh: 800, giveUp: 30_000, abandonPoll: 5_000 };

interface Running {
  readonly sessionId: DownloadSessionId;
  authorisedAt: number;
  readonly controller: AbortController;
  readonly cut: () => void;
  held: PromiseWithResolvers<void> | null;
}

/** Asks for all streams in one query, while there are any. */
export function createRunningStreams(deps: {
  readonly database: Database;
  readonly logger: Logger;
}): RunningStreams {
  const streams = new Set<Running>();
  let timer: NodeJS.Timeout | undefined;
  let askingSince: number | null = null;

  function tick(): void {
    const now = performance.now();
    for (const stream of streams) {
      if (now - stream.authorisedAt > TIMES.giveUp) cutStream(stream, 'unavailable');
    }
    if (streams.size === 0 || (askingSince !== null && now - askingSince < TIMES.abandonPoll))
      return;
    askingSince = now;
    ask(now)
      .catch((error: unknown) => deps.logger.warn({ err: error }, 'running downloads are held'))
      .finally(() => {
        if (askingSince === now) askingSince = null;
      });
  }

  /** An answer counts from when it was asked for: what was revoked since is not in it. */
  async function ask(askedAt: number): Promise<void> {
    const asked = [...streams];
    const rows = await deps.database.em.fork().execute<{ id: string; dead: DeadState | null }[]>(
      `select session.id, case when ${LINK_ALIVE} then null else ${LINK_STATE} end as dead
       from download_sessions session join shares on shares.id = session.share_id
       where session.id = any(?::uuid[])`,
      [`{${[...new Set(asked.map((stream) => stream.sessionId))].join(',')}}`],
    );
    const answers = new Map(rows.map((row) => [row.id, row.dead]));
    for (const stream of asked) {
      const dead = answers.get(stream.sessionId);
      if (dead === null) renew(stream, askedAt);
      else cutStream(stream, dead ?? 'revoked');
    }
  }

  function renew(stream: Running, askedAt: number): void {
    stream.authorisedAt = Math.max(stream.authorisedAt, askedAt);
    if (isFresh(stream)) {
      stream.held?.resolve();
      stream.held = null;
    }
  }

  function cutStream(stream: Running, reason: CutReason): void {
    if (stream.controller.signal.aborted) return;
    stream.cut();
    stream.controller.abort(reason);
    stream.held?.reject(reason);
    stream.held = null;
  }

  return {
    get count() {
      return streams.size;
    },
    countOf: (sessionId) => [...streams].filter((stream) => stream.sessionId === sessionId).length,
    begin(sessionId, authorisedAt, cut) {
      const stream: Running = {
        sessionId,
        authorisedAt,
        cut,
        controller: new AbortController(),
        held: null,
      };
      streams.add(stream);
      timer ??= setInterval(tick, TIMES.poll).unref();
      return {
        signal: stream.controller.signal,
        gate() {
          if (isFresh(stream)) return;
          stream.controller.signal.throwIfAborted();
          stream.held ??= Promise.withResolvers();
          return stream.held.promise;
        },
        end() {
          streams.delete(stream);
          // Nobody waits any more who could see a rejection.
          stream.held?.resolve();
          if (streams.size === 0) {
            clearInterval(timer);
            timer = undefined;
          }
        },
      };
    },
  };
}

function isFresh(stream: Running): boolean {
  return !stream.controller.signal.aborted && performance.now() - stream.authorisedAt < TIMES.fresh;
}
