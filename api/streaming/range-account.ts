import { setTimeout as pause } from 'node:timers/promises';
import type { CutCause, DownloadOutcome } from '../../domain/audit/event.ts';
import type { Logger } from '../../platform/logging.ts';
import type { Ledger } from './grant.ts';

/** What is written down of one response: the bytes that went out, while they go and at the end. */
export interface RangeAccount {
  /** So many bytes more have gone out. */
  add(bytes: number): void;
  /** Writes down what has gone out until now. */
  flush(): Promise<void>;
  /** Writes the rest down; tries again for a minute where PostgreSQL is away. Never throws. */
  settle(
    ended: { readonly outcome: DownloadOutcome; readonly cause?: CutCause } | null,
  ): Promise<void>;
}

/** A download that runs for hours must not look idle, and a crash must not lose much of its account. */
const INTERVAL_MS = 30_000;

/** Pauses between attempts to write the end down: a minute together. */
const PAUSES_MS = [100, 500, 2_000, 5_000, 10_000, 20_000, 22_400];

/** A client that takes nothing for so long is gone, before its download counts as idle after 30 minutes. */
const STALLED_MS = 25 * 60_000;

/** One response as its account sees it. */
export interface AccountedResponse {
  readonly logger: Logger;
  /** The byte of the archive or file with which it begins. */
  readonly start: number;
  /** Called when the client has taken nothing for long. */
  readonly stalled: () => void;
  /** The other responses that are parts of the same download now: its end counts their bytes too. */
  readonly others: () => Iterable<Pick<RangeAccount, 'flush'>>;
}

/** Keeps the account of a response. */
export function createRangeAccount(
  ledger: Ledger,
  { logger, start, stalled, others }: AccountedResponse,
): RangeAccount {
  let sent = start;
  let accounted = start;
  let movedAt = performance.now();
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const range = { start: accounted, end: sent };
    if (range.end === range.start) return;
    const hasAll = await ledger.add(range);
    accounted = range.end;
    if (hasAll) await ledger.end('complete');
  }

  /** One write after the other: no bytes are counted twice. */
  async function flush(): Promise<void> {
    const written = writing.then(write);
    writing = written.catch(() => undefined);
    await written;
  }

  const timer = setInterval(() => {
    if (performance.now() - movedAt > STALLED_MS) stalled();
    flush().catch((error: unknown) => {
      logger.warn({ err: error }, 'a running download could not be written down');
    });
  }, INTERVAL_MS).unref();

  return {
    flush,
    add(bytes) {
      sent += bytes;
      movedAt = performance.now();
    },
    async settle(ended) {
      clearInterval(timer);
      for (const wait of [...PAUSES_MS, null]) {
        try {
          await flush();
          if (ended === null) return;
          await Promise.all([...others()].map((other) => other.flush()));
          await ledger.end(ended.outcome, ended.cause);
          return;
        } catch (error) {
          if (wait === null) {
            const lost = { bytes: sent - accounted };
            logger.error({ ...lost, err: error }, 'a download could not be written down');
            return;
          }
          await pause(wait);
        }
      }
    },
  };
}
