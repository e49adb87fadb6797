/**
 * Reads ranges of objects from any S3 store, fast and exactly: always under `If-Match`, by version where
 * there is one, and taken up again at the exact byte when a connection breaks.
 */
import type { Chunk } from './read-blocks.ts';
import { ObjectChangedError, ObjectMissingError, ObjectReadError } from './read-errors.ts';
import type { ResponseHead } from './response-head.ts';
import { createSigner, uriEncoded } from './sigv4.ts';
import { createConnectionPool, type Exchange } from './store-connection.ts';

export interface RangeReaderOptions {
  /** Origin of the store, `http:` or `https:`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Connections at most, for all reads together: 512 if not given. */
  readonly maxConnections?: number;
}

/** A part of one version of one object; `length` is at least 1. */
export interface ObjectRange {
  readonly key: string;
  readonly versionId: string | null;
  /** Quoted or not. */
  readonly etag: string;
  readonly offset: number;
  readonly length: number;
  /** Of the whole object: where all of it is read, the store is not asked for a range, which costs it more. */
  readonly size?: number;
}

/** A range being read; it reads ahead of `next` by a bounded number of bytes. */
export interface RangeRead {
  /**
   * The next bytes, or null after the last; at once where they are here. One call at a time.
   * @throws ObjectChangedError, ObjectMissingError or ObjectReadError, also as a rejection
   */
  next(): Chunk | null | Promise<Chunk | null>;
  /** Stops reading and gives memory back; a waiting `next` is rejected. */
  cancel(): void;
}

export interface RangeReader {
  read(range: ObjectRange): RangeRead;
  /** Connections to the store that are open now. */
  readonly connections: number;
  close(): void;
}

/** What a read holds that nobody has taken yet, and the level at which it goes on. */
const READ_WINDOW = 1024 * 1024;
const READ_AGAIN = READ_WINDOW / 2;

/** Broken attempts in a row, without a byte between them, until a read fails: after some 6 seconds. */
const ATTEMPTS = 7;
const FIRST_PAUSE_MS = 100;

/** A reader that is held for longer gives its connection up and asks again when it goes on. */
const PARK_MS = 5_000;

/** A store's reader with its own connections. */
export function createRangeReader(options: RangeReaderOptions): RangeReader {
  const endpoint = new URL(options.endpoint);
  const sign = createSigner(endpoint.host, options);
  const pool = createConnectionPool({ endpoint, maxConnections: options.maxConnections ?? 512 });
  const bucketPath = `/${uriEncoded(options.bucket)}`;

  function requestFor(range: ObjectRange, received: number): string {
    const path = `${bucketPath}/${range.key.split('/').map(uriEncoded).join('/')}`;
    const query = range.versionId === null ? '' : `versionId=${uriEncoded(range.versionId)}`;
    return (
      `GET ${path}${query === '' ? '' : `?${query}`} HTTP/1.1\r\n` +
      sign('GET', path, query, new Date()) +
      `If-Match: ${quoted(range.etag)}\r\n` +
      (isAll(range, received) ? '\r\n' : `Range: bytes=${bytesLeft(range, received)}\r\n\r\n`)
    );
  }

  return {
    get connections() {
      return pool.size;
    },
    read: (range) =>
      readRange(range, (received, listener) =>
        pool.send(() => requestFor(range, received), listener),
      ),
    close: () => pool.close(),
  };
}

/** Whether the bytes still to come are the whole object. */
function isAll(range: ObjectRange, received: number): boolean {
  return received === 0 && range.offset === 0 && range.length === range.size;
}

/** The bytes still to come, first and last, as `Range` and `Content-Range` write them. */
function bytesLeft(range: ObjectRange, received: number): string {
  return `${range.offset + received}-${range.offset + range.length - 1}`;
}

function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}

/** What is wrong with a response to a ranged read, or undefined where it is the one asked for. */
function responseFault(
  head: ResponseHead,
  range: ObjectRange,
  received: number,
): Error | undefined {
  const { key } = range;
  switch (head.status) {
    case 200:
    case 206:
      break;
    case 404:
      return new ObjectMissingError(key);
    case 412:
    // An object that has no such range is shorter than the one that was verified.
    case 416:
      return new ObjectChangedError(key);
    default: {
      const retryable = head.status >= 500 || head.status === 408 || head.status === 429;
      return new ObjectReadError(key, `the store answered ${head.status}`, { retryable });
    }
  }
  if (head.etag === null || quoted(head.etag) !== quoted(range.etag)) {
    return new ObjectChangedError(key);
  }
  const isThese =
    head.status === 200
      ? isAll(range, received)
      : head.contentRange?.startsWith(`bytes ${bytesLeft(range, received)}/`) === true;
  if (isThese && head.contentLength === range.length - received) return undefined;
  return new ObjectReadError(key, 'the store answered other bytes', { retryable: false });
}

type Send = (
  received: number,
  listener: Parameters<ReturnType<typeof createConnectionPool>['send']>[1],
) => Exchange;

interface Waiter {
  resolve(chunk: Chunk | null): void;
  reject(error: Error): void;
}

function readRange(range: ObjectRange, send: Send): RangeRead {
  const chunks: Chunk[] = [];
  let buffered = 0;
  let received = 0;
  let failures = 0;
  let failure: Error | undefined;
  let exchange: Exchange | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isHeld = false;
  let waiter: Waiter | undefined;

  function start(): void {
    isHeld = false;
    timer = undefined;
    exchange = send(received, { head, body, end, broken });
  }

  function head(response: ResponseHead): boolean {
    const fault = responseFault(response, range, received);
    if (fault === undefined) return true;
    exchange = undefined;
    if (fault instanceof ObjectReadError && fault.retryable) tryAgain(fault);
    else fail(fault);
    return false;
  }

  function body(chunk: Chunk): boolean {
    received += chunk.bytes.length;
    failures = 0;
    if (waiter !== undefined) {
      const { resolve } = waiter;
      waiter = undefined;
      resolve(chunk);
      return true;
    }
    chunks.push(chunk);
    buffered += chunk.bytes.length;
    if (buffered < READ_WINDOW) return true;
    isHeld = true;
    timer = setTimeout(park, PARK_MS).unref();
    return false;
  }

  function end(): void {
    exchange = undefined;
    clearTimeout(timer);
  }

  function broken(cause: Error): void {
    exchange = undefined;
    clearTimeout(timer);
    // While it is held, nobody waits: `next` asks again when there is room.
    if (isHeld) return;
    // The first time at once: an idle connection may have been closed at the very moment of its use.
    const pause = failures === 0 ? 0 : undefined;
    tryAgain(new ObjectReadError(range.key, cause.message, { retryable: true, cause }), pause);
  }

  function tryAgain(fault: ObjectReadError, pause = FIRST_PAUSE_MS * 2 ** failures): void {
    failures += 1;
    if (failures >= ATTEMPTS) fail(fault);
    else timer = setTimeout(start, pause);
  }

  function park(): void {
    exchange?.abandon();
    exchange = undefined;
  }

  function fail(error: Error): void {
    failure = error;
    waiter?.reject(error);
    waiter = undefined;
  }

  function goOn(): void {
    clearTimeout(timer);
    if (exchange === undefined) {
      start();
    } else {
      isHeld = false;
      exchange.resume();
    }
  }

  start();
  return {
    next() {
      const chunk = chunks.shift();
      if (chunk !== undefined) {
        buffered -= chunk.bytes.length;
        if (isHeld && buffered <= READ_AGAIN && received < range.length) goOn();
        return chunk;
      }
      if (received === range.length) return null;
      if (failure !== undefined) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiter = { resolve, reject };
      });
    },
    cancel() {
      clearTimeout(timer);
      exchange?.abandon();
      exchange = undefined;
      for (const chunk of chunks.splice(0)) chunk.release();
      fail(new ObjectReadError(range.key, 'the read was cancelled', { retryable: false }));
    },
  };
}
