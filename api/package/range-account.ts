import { setTimeout as pause } from 'node:timers/promises';
import type { ByteRange } from '../../domain/archive/ranges.ts';
import type { DownloadOutcome } from '../../domain/sharing/download-accounting.ts';
import type { Logger } from '../../platform/logging.ts';
import type { CutReason } from './running-streams.ts';

/** What is written down of one response: the bytes that went out, while they go and at the end. */
export interface RangeAccount {
  /** So many bytes more have gone out. */
  add(bytes: number): void;
  /** Writes the rest down; tries again for a minute where PostgreSQL is away. Never throws. */
  settle(
    ended: { readonly outcome: DownloadOutcome; readonly cause?: CutReason } | null,
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
}

/** The download that a response is a part of, where it is written down. */
export interface Ledger {
  /** Adds bytes that went out; says whether all of them have gone out now. */
  add(range: ByteRange): Promise<boolean>;
  /** Ends the download; one that has ended stays so. */
  end(outcome: DownloadOutcome, cause?: CutReason): Promise<void>;
}

/** Keeps the account of a response. */
export function createRangeAccount(
  ledger: Ledger,
  { logger, start, stalled }: AccountedResponse,
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

  const timer = setInterval(() => {
    if (performance.now() - movedAt > STALLED_MS) stalled();
    writing = writing.then(write).catch((error: unknown) => {
      logger.warn({ err: error }, 'a running download could not be written down');
    });
  }, INTERVAL_MS).unref();

  return {
    add(bytes) {
      sent += bytes;
      movedAt = performance.now();
    },
    async settle(ended) {
      clearInterval(timer);
      await writing;
      for (const wait of [...PAUSES_MS, null]) {
        try {
          await write();
          if (ended !== null) await ledger.end(ended.outcome, ended.cause);
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
