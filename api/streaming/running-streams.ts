/** Streams under way in this process, and whether they may go on: asked of PostgreSQL all the time. */
import type { CutCause } from '../../domain/audit/event.ts';
import type { Database } from '../../platform/database.ts';
import type { Logger } from '../../platform/logging.ts';
import type { GrantKind, StreamGrant } from './grant.ts';

/** A stream under way. */
export interface RunningStream {
  /** Says that the stream was cut, with a `CutCause` as its reason. */
  readonly signal: AbortSignal;
  /** Passes while the last authorisation is fresh, and holds until the next one: no answer, no bytes. */
  gate(): void | Promise<void>;
  /** The stream is over, however it ended. */
  end(): void;
}

export interface RunningStreams {
  /** @param cut breaks the connection; called before the signal is given */
  begin(grant: Pick<StreamGrant, 'kind' | 'key' | 'authorisedAt'>, cut: () => void): RunningStream;
  readonly count: number;
}

/** Milliseconds. The first two together stay below the second that a revoke may take to be felt. */
const TIMES = { poll: 250, fresh: 800, giveUp: 30_000, abandonPoll: 5_000 };

interface Running {
  readonly key: string;
  authorisedAt: number;
  readonly controller: AbortController;
  readonly cut: () => void;
  held: PromiseWithResolvers<void> | null;
}

/** The streams of one kind: what holds their question up does not hold up that of others. */
interface Watch {
  readonly streams: Set<Running>;
  askingSince: number | null;
}

/** Asks for all streams of a kind in one query, while there are any. */
export function createRunningStreams(deps: {
  readonly database: Database;
  readonly logger: Logger;
}): RunningStreams {
  const watches = new Map<GrantKind, Watch>();
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    for (const [kind, watch] of watches) look(kind, watch);
  }

  function look(kind: GrantKind, watch: Watch): void {
    const now = performance.now();
    for (const stream of watch.streams) {
      if (now - stream.authorisedAt > TIMES.giveUp) cutStream(stream, 'unavailable');
    }
    if (watch.askingSince !== null && now - watch.askingSince < TIMES.abandonPoll) return;
    watch.askingSince = now;
    ask(kind, [...watch.streams], now)
      .catch((error: unknown) =>
        deps.logger.warn({ err: error, what: kind.name }, 'running streams are held'),
      )
      .finally(() => {
        if (watch.askingSince === now) watch.askingSince = null;
      });
  }

  /** An answer counts from when it was asked for: what was revoked since is not in it. */
  async function ask(kind: GrantKind, asked: readonly Running[], askedAt: number): Promise<void> {
    const keys = [...new Set(asked.map((stream) => stream.key))];
    const answers = await kind.ask(deps.database.em.fork(), keys);
    for (const stream of asked) {
      const cause = answers.get(stream.key);
      if (cause === null) renew(stream, askedAt);
      else cutStream(stream, cause ?? 'not_permitted');
    }
  }

  function renew(stream: Running, askedAt: number): void {
    stream.authorisedAt = Math.max(stream.authorisedAt, askedAt);
    if (isFresh(stream)) {
      stream.held?.resolve();
      stream.held = null;
    }
  }

  function cutStream(stream: Running, cause: CutCause): void {
    if (stream.controller.signal.aborted) return;
    stream.cut();
    stream.controller.abort(cause);
    stream.held?.reject(cause);
    stream.held = null;
  }

  function watchOf(kind: GrantKind): Watch {
    const watch = watches.get(kind) ?? { streams: new Set(), askingSince: null };
    watches.set(kind, watch);
    return watch;
  }

  return {
    get count() {
      return [...watches.values()].reduce((sum, { streams }) => sum + streams.size, 0);
    },
    begin({ kind, key, authorisedAt }, cut) {
      const stream: Running = {
        key,
        authorisedAt,
        cut,
        controller: new AbortController(),
        held: null,
      };
      watchOf(kind).streams.add(stream);
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
          const watch = watches.get(kind);
          watch?.streams.delete(stream);
          // Nobody waits any more who could see a rejection.
          stream.held?.resolve();
          if (watch?.streams.size === 0) watches.delete(kind);
          if (watches.size === 0) {
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
