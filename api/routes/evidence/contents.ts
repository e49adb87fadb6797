/** Original files on their way to staff: whole or any range, watched while they go, and recorded. */
import type { Context } from 'koa';
import { type Acting, act } from '../../../domain/act.ts';
import type { ObjectSegment } from '../../../domain/archive/layout.ts';
import type { ByteRange } from '../../../domain/archive/ranges.ts';
import type { Source } from '../../../domain/audit/event.ts';
import { DomainError } from '../../../domain/errors.ts';
import {
  accountContent,
  beginContent,
  endContent,
  endIdleContent,
} from '../../../domain/evidence/content-session.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import { requireEvidence } from '../../../domain/evidence/visibility.ts';
import { findStaff, type Staff } from '../../../domain/identity/staff.ts';
import type { DownloadOutcome } from '../../../domain/sharing/download-accounting.ts';
import type { Logger } from '../../../platform/logging.ts';
import type { RangeReader } from '../../../platform/object-store/range-reader.ts';
import { createRangeAccount } from '../../package/range-account.ts';
import { type StreamEnd, streamSegments } from '../../package/stream.ts';

/** A range of a file that somebody may have. */
export interface Serving {
  readonly ctx: Context;
  readonly staff: Staff;
  readonly source: Source;
  readonly evidence: Evidence;
  /** What was read back when the evidence was verified: nothing else is given out under its name. */
  readonly verified: { readonly etag: string; readonly crc32: number };
  readonly range: ByteRange;
  /** Sets the head of the response: called when nothing else can refuse it. */
  readonly setHead: () => void;
}

export interface Contents {
  /**
   * Sends a range; resolves when the response is over and written down. The connection breaks when the
   * store does, when the object is not the one that was verified, and within a second after the
   * reader's permission ends: the answer is then shorter than it said, and never ends as if it were
   * whole.
   */
  send(serving: Serving): Promise<void>;
  /** Downloads under way. */
  readonly running: number;
  /** Resolves when all downloads are over and written down; cut their connections before. */
  drain(): Promise<void>;
}

export interface ContentDeps extends Acting {
  readonly reader: RangeReader;
  readonly logger: Logger;
}

/** Milliseconds between two looks at whether the reader may still have the bytes. */
const RECHECK = 900;

/** Milliseconds between two looks for downloads that nobody goes on with. */
const LOOK_FOR_IDLE = 60_000;

export function createContents(deps: ContentDeps): Contents {
  const underWay = new Set<Promise<void>>();
  const timer = setInterval(() => {
    endIdleContent(deps).catch((error: unknown) => {
      deps.logger.warn({ err: error }, 'idle downloads of files could not be ended');
    });
  }, LOOK_FOR_IDLE).unref();

  async function send(serving: Serving): Promise<void> {
    const { ctx, staff, source, evidence, range } = serving;
    const { res } = ctx;
    const by = { actor: staff.actor, source };
    const session = await act(deps, by, (acts) => beginContent(acts, staff, evidence));
    // The reader may have gone while that was written down.
    if (res.destroyed) return;
    serving.setHead();
    ctx.respond = false;
    const account = createRangeAccount(
      {
        add: (bytes) => accountContent(deps.database.em.fork(), session, bytes),
        end: (outcome) => act(deps, by, (acts) => endContent(acts, session, outcome)),
      },
      { logger: deps.logger, start: range.start, stalled: () => res.destroy() },
    );
    const refused = new AbortController();
    const stopWatching = watch(deps, serving, () => {
      // A reset also drops what the operating system holds still of a stream that must end.
      res.socket?.resetAndDestroy();
      refused.abort();
    });
    const options = {
      signal: refused.signal,
      onSent: (bytes: number) => account.add(bytes),
    };
    const ended = await streamSegments(segmentsOf(serving), deps.reader, res, options);
    stopWatching();
    if (ended.end === 'failed') {
      deps.logger.error({ evidenceId: evidence.id, err: ended.error }, 'a file broke off');
    }
    await account.settle(outcomeOf(ended, range, refused.signal));
  }

  return {
    async send(serving) {
      const sending = send(serving);
      const settled = sending.catch(() => undefined);
      underWay.add(settled);
      await sending.finally(() => underWay.delete(settled));
    },
    get running() {
      return underWay.size;
    },
    async drain() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

function segmentsOf({ evidence, verified, range }: Serving): ObjectSegment[] {
  const { start, end } = range;
  if (start === end) return [];
  const { objectKey, objectVersion, size } = evidence;
  const object = { key: objectKey, versionId: objectVersion ?? null, size, ...verified };
  return [{ type: 'object', file: 0, ...object, offset: start, length: end - start }];
}

/** How the download is to be ended for the record; null where the user may come back for the rest. */
function outcomeOf(
  ended: StreamEnd,
  range: ByteRange,
  refused: AbortSignal,
): { outcome: DownloadOutcome } | null {
  // The connection is broken before the stream learns why, and takes that for the reader's doing.
  if (refused.aborted) return { outcome: 'cut' };
  switch (ended.end) {
    case 'complete':
      // An empty file has no byte whose account would say that it is complete.
      return range.start === range.end ? { outcome: 'complete' } : null;
    case 'receiver-gone':
      return null;
    case 'cut':
      return { outcome: 'cut' };
    case 'failed':
      return { outcome: 'failed' };
    default:
      return ended satisfies never;
  }
}

/** Looks again and again whether the reader may still have the bytes; gives a function that ends it. */
function watch(
  { database }: Acting,
  { staff, evidence }: Serving,
  onRefused: () => void,
): () => void {
  let looking = false;
  async function look(): Promise<void> {
    looking = true;
    try {
      const em = database.em.fork();
      const now = await findStaff(em, staff.email);
      if (now === null) onRefused();
      else await requireEvidence(em, now, evidence.id, 'evidence.view');
    } catch (error) {
      // A database that is away has answered no revocation either; the next look will tell.
      if (error instanceof DomainError) onRefused();
    } finally {
      looking = false;
    }
  }
  const timer = setInterval(() => {
    if (!looking) void look();
  }, RECHECK);
  return () => clearInterval(timer);
}
