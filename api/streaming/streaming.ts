/**
 * Bytes on their way to whoever was granted them: whole or any range, watched while they go, and
 * written down. Everything that gives out stored bytes gives them out here.
 */
import type { Context } from 'koa';
import type { ByteRange } from '../../domain/archive/ranges.ts';
import type { CutCause, DownloadOutcome } from '../../domain/audit/event.ts';
import type { Database } from '../../platform/database.ts';
import type { Logger } from '../../platform/logging.ts';
import type { RangeReader } from '../../platform/object-store/range-reader.ts';
import { damageOf } from './damage.ts';
import type { Ledger, StreamGrant } from './grant.ts';
import { decide, setContent } from './head.ts';
import { createPlaces } from './places.ts';
import { createRangeAccount, type RangeAccount } from './range-account.ts';
import { createRunningStreams } from './running-streams.ts';
import { type StreamEnd, streamSegments } from './stream.ts';

/** How a request for bytes was answered: with that status, or not at all since its grant had ended. */
export type Answered = { readonly status: 200 | 206 | 304 } | 'ended';

export interface Streaming {
  /**
   * Answers a GET or HEAD as RFC 9110 says; resolves when the response is over and written down. The
   * connection breaks when the store does, when an object is not the one that was verified, and within
   * a second after the grant ends: the answer is then shorter than it said, and never ends as if it
   * were whole. While PostgreSQL cannot be asked the stream is held, and cut after half a minute.
   * @returns `ended`, with nothing sent, where the grant ended before the first byte
   * @throws DomainError `precondition-failed`, `range-not-satisfiable`, `too-many-requests`
   */
  send(ctx: Context, grant: StreamGrant): Promise<Answered>;
  /** Streams under way. */
  readonly running: number;
  /** Resolves when those under way are over and written down; cut their connections before. */
  drain(): Promise<void>;
}

export interface StreamingDeps {
  readonly database: Database;
  readonly reader: RangeReader;
  readonly logger: Logger;
  /** Is told of bytes that went out. */
  readonly onSent?: (bytes: number) => void;
}

/** The streaming of one process: one limit and one watch for all that it gives out. */
export function createStreaming(deps: StreamingDeps): Streaming {
  const streams = createRunningStreams(deps);
  const places = createPlaces();
  const underWay = new Set<Promise<unknown>>();
  const accounts = new Map<RangeAccount, StreamGrant>();

  /** The responses to other requests under the same grant. */
  function* others(grant: StreamGrant): Generator<RangeAccount> {
    for (const [account, other] of accounts) {
      if (other !== grant && other.kind === grant.kind && other.key === grant.key) yield account;
    }
  }

  async function answer(ctx: Context, grant: StreamGrant): Promise<Answered> {
    const { content } = grant;
    const decision = decide(ctx, content);
    if (decision === null || ctx.method === 'HEAD') {
      if (decision === null) ctx.status = 304;
      else setContent(ctx, content, decision);
      const { status } = decision ?? { status: 304 };
      // Koa would change the status of a response that has a head only.
      ctx.respond = false;
      ctx.res.end();
      return { status };
    }
    const leave = places.take(grant.holder);
    try {
      const segments = await content.segments(decision);
      const ledger = await grant.begin();
      if (ledger === null) return 'ended';
      // Who went away while that was written down is no reader.
      if (ctx.res.destroyed) return decision;
      setContent(ctx, content, decision);
      await stream(ctx, { grant, ledger, segments, range: decision, leave });
      return decision;
    } finally {
      leave();
    }
  }

  async function stream(
    ctx: Context,
    { grant, ledger, segments, range, leave }: Outgoing,
  ): Promise<void> {
    const { res } = ctx;
    const account = createRangeAccount(ledger, {
      logger: deps.logger,
      start: range.start,
      stalled: () => res.destroy(),
      others: () => others(grant),
    });
    accounts.set(account, grant);
    // A reset also drops what the operating system holds still of a stream that must end.
    const running = streams.begin(grant, () => res.socket?.resetAndDestroy());
    // A stream that is held does not look at its connection.
    res.once('close', () => running.end());
    ctx.respond = false;
    const ended = await streamSegments(segments, deps.reader, res, {
      signal: running.signal,
      gate: () => running.gate(),
      onSent(bytes) {
        account.add(bytes);
        deps.onSent?.(bytes);
      },
    });
    running.end();
    leave();
    if (ended.end === 'failed') {
      deps.logger.error({ ...grant.ids, err: ended.error }, `${grant.kind.name} broke off`);
    }
    await account.settle(outcomeOf(ended, range, running.signal));
    if (ended.end === 'failed') await report(grant, ended.error);
    accounts.delete(account);
  }

  /** Tells whoever gave the grant of an object that is damaged. */
  async function report(grant: StreamGrant, error: unknown): Promise<void> {
    const damage = damageOf(error);
    if (damage === null) return;
    try {
      await grant.damaged?.(damage);
    } catch (err) {
      deps.logger.error({ ...grant.ids, err }, 'a damaged object was not put on record');
    }
  }

  return {
    async send(ctx, grant) {
      const answering = answer(ctx, grant);
      underWay.add(answering);
      return await answering.finally(() => underWay.delete(answering));
    },
    get running() {
      return streams.count;
    },
    async drain() {
      await Promise.allSettled(underWay);
    },
  };
}

/** A response whose head is set. */
interface Outgoing {
  readonly grant: StreamGrant;
  readonly ledger: Ledger;
  readonly segments: Parameters<typeof streamSegments>[0];
  readonly range: ByteRange;
  /** Gives the place up. */
  readonly leave: () => void;
}

/** How a download is to be ended for the record; null where the client may come back for the rest. */
function outcomeOf(
  ended: StreamEnd,
  range: ByteRange,
  signal: AbortSignal,
): { outcome: DownloadOutcome; cause?: CutCause } | null {
  // The connection is broken before the stream learns why, and takes that for the client's doing.
  if (signal.aborted) return { outcome: 'cut', cause: signal.reason };
  switch (ended.end) {
    case 'complete':
      // What is empty has no byte whose account would say that it is complete.
      return range.start === range.end ? { outcome: 'complete' } : null;
    case 'receiver-gone':
      return null;
    case 'cut':
    case 'failed':
      return { outcome: 'failed' };
    default:
      return ended satisfies never;
  }
}
