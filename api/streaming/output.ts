/** A response that is written in batches, never further ahead of the network than a bound. */
import type { Writable } from 'node:stream';
import type { Chunk } from '../../platform/object-store/read-blocks.ts';

/** The receiver closed the connection, or it was closed for him. */
export class OutputClosedError extends Error {
  constructor() {
    super('The response was closed before its end');
    this.name = 'OutputClosedError';
  }
}

export interface Output {
  /** Bytes that the operating system has taken. */
  readonly sent: number;
  /**
   * Writes chunks as one, and releases them when they are out. Resolves when there is room for more.
   * @throws OutputClosedError
   */
  write(chunks: readonly Chunk[]): Promise<void>;
  /**
   * Ends the response; resolves when everything is out.
   * @throws OutputClosedError
   */
  end(): Promise<void>;
}

/** Bytes written and not yet taken by the operating system, beyond which nobody writes. */
const MOST_WAITING = 512 * 1024;

/** A receiver that lets us wait for so long is slow. */
const SLOW_MS = 250;

interface OutputListener {
  /** So many bytes more are out. */
  sent?(bytes: number): void;
  /** The receiver is slow. */
  slow(): void;
  /** The response is closed, finished or not. */
  closed(): void;
}

/** Wraps a response, or another writable, which this alone writes from now on. */
export function createOutput(sink: Writable, listener: OutputListener): Output {
  let sent = 0;
  let waiting = 0;
  let wake: (() => void) | undefined;

  function awaken(): void {
    wake?.();
    wake = undefined;
  }
  sink.on('error', () => sink.destroy());
  sink.once('close', () => {
    awaken();
    listener.closed();
  });

  async function untilRoom(): Promise<void> {
    const since = performance.now();
    while (waiting > MOST_WAITING && !sink.destroyed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (performance.now() - since > SLOW_MS) listener.slow();
  }

  function written(chunks: readonly Chunk[], bytes: number, error: unknown): void {
    for (const chunk of chunks) chunk.release();
    waiting -= bytes;
    if (error === undefined || error === null) {
      sent += bytes;
      listener.sent?.(bytes);
    }
    awaken();
  }

  return {
    get sent() {
      return sent;
    },
    async write(chunks) {
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
      const last = chunks.length - 1;
      waiting += bytes;
      sink.cork();
      chunks.forEach((chunk, index) => {
        if (index < last) sink.write(chunk.bytes);
        else sink.write(chunk.bytes, (error) => written(chunks, bytes, error));
      });
      sink.uncork();
      if (waiting > MOST_WAITING) await untilRoom();
      if (sink.destroyed) throw new OutputClosedError();
    },
    async end() {
      if (sink.destroyed) throw new OutputClosedError();
      sink.end();
      while (!sink.writableFinished && !sink.destroyed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          sink.once('finish', awaken);
        });
      }
      if (!sink.writableFinished) throw new OutputClosedError();
    },
  };
}
