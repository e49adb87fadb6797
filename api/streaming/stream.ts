/** Sends segments, of an archive or of a single file, to one receiver. */
import type { Writable } from 'node:stream';
import type { Segment } from '../../domain/archive/layout.ts';
import type { RangeReader } from '../../platform/object-store/range-reader.ts';
import type { Chunk } from '../../platform/object-store/read-blocks.ts';
import { createOutput, type Output, OutputClosedError } from './output.ts';
import { createReadAhead, type ReadAhead } from './read-ahead.ts';

export interface StreamOptions {
  /** Cuts the stream at once. */
  readonly signal?: AbortSignal;
  /**
   * Called before each write, of some 256 KiB at most: holds the stream while its promise is pending
   * and cuts it by throwing. No fresh authorisation, no bytes.
   */
  readonly gate?: () => void | Promise<void>;
  /** Told of bytes that the operating system has taken. */
  readonly onSent?: (bytes: number) => void;
}

/** How a stream ended. In all but the first the connection was broken, never ended short. */
export type StreamEnd = {
  /** Bytes that the operating system has taken. */
  readonly bytes: number;
} & (
  | { readonly end: 'complete' }
  | { readonly end: 'receiver-gone' }
  /** By the signal or the gate. */
  | { readonly end: 'cut'; readonly reason: unknown }
  /** The store failed, or what it gave is not what was verified. */
  | { readonly end: 'failed'; readonly error: unknown }
);

/** Small pieces are written together up to this many bytes. */
const BATCH_BYTES = 256 * 1024;

/**
 * Writes segments in order into a response whose head, with the exact `Content-Length`, is set. Ends the
 * response after the last byte; on any failure breaks the connection, since after the head nothing else
 * tells the receiver. Memory is bounded by what is read ahead (some 10 MiB for a fast receiver of small
 * files, 2 MiB otherwise).
 */
export async function streamSegments(
  segments: Iterable<Segment>,
  reader: RangeReader,
  sink: Writable,
  { signal, gate, onSent }: StreamOptions = {},
): Promise<StreamEnd> {
  const ahead = createReadAhead(segments, reader);
  const output = createOutput(sink, {
    ...(onSent && { sent: onSent }),
    slow: () => ahead.slower(),
    closed: () => ahead.cancel(),
  });
  let refusal: { reason: unknown } | undefined;
  const cut = () => {
    refusal ??= { reason: signal?.reason };
    sink.destroy();
  };
  const checkedGate = async () => {
    try {
      await gate?.();
    } catch (reason) {
      refusal = { reason };
      throw reason;
    }
  };
  signal?.addEventListener('abort', cut, { once: true });
  try {
    signal?.throwIfAborted();
    await pump(ahead, output, gate && checkedGate);
    await output.end();
    return { end: 'complete', bytes: output.sent };
  } catch (error) {
    const wasOpen = !sink.destroyed;
    sink.destroy();
    const bytes = output.sent;
    if (refusal !== undefined) return { end: 'cut', bytes, reason: refusal.reason };
    if (signal?.aborted === true) return { end: 'cut', bytes, reason: signal.reason };
    if (error instanceof OutputClosedError || !wasOpen) return { end: 'receiver-gone', bytes };
    return { end: 'failed', bytes, error };
  } finally {
    signal?.removeEventListener('abort', cut);
    ahead.cancel();
  }
}

async function pump(
  ahead: ReadAhead,
  output: Output,
  gate: (() => Promise<void>) | undefined,
): Promise<void> {
  let batch: Chunk[] = [];
  let bytes = 0;
  async function flush(): Promise<void> {
    const chunks = batch;
    batch = [];
    bytes = 0;
    try {
      await gate?.();
    } catch (reason) {
      for (const chunk of chunks) chunk.release();
      throw reason;
    }
    await output.write(chunks);
  }
  try {
    for (;;) {
      let next = ahead.next();
      if (next instanceof Promise) {
        if (batch.length > 0) [next] = await Promise.all([next, flush()]);
        else next = await next;
      }
      if (next === null) break;
      if (bytes > 0 && bytes + next.bytes.length > BATCH_BYTES) await flush();
      batch.push(next);
      bytes += next.bytes.length;
    }
    if (batch.length > 0) await flush();
  } finally {
    for (const chunk of batch) chunk.release();
  }
}
