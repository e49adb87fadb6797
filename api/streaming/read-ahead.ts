/**
 * The bytes of segments in order, with the objects that come next already on their way: so thousands of
 * small files stream as fast as a few large ones.
 */
import { crc32 } from 'node:zlib';
import type { ObjectSegment, Segment } from '../../domain/archive/layout.ts';
import type { RangeRead, RangeReader } from '../../platform/object-store/range-reader.ts';
import type { Chunk } from '../../platform/object-store/read-blocks.ts';

/** A member came whole and is not the one whose CRC-32 the manifest has: its last bytes are withheld. */
export class MemberDamagedError extends Error {
  /** Index into the manifest's files. */
  readonly file: number;
  readonly key: string;
  constructor({ file, key }: ObjectSegment) {
    super(`Object ${key} does not have the checksum that was recorded when it was verified`);
    this.name = 'MemberDamagedError';
    this.file = file;
    this.key = key;
  }
}

export interface ReadAhead {
  /**
   * The next bytes, or null after the last; at once where they are here.
   * @throws MemberDamagedError or what the reader throws, also as a rejection
   */
  next(): Chunk | null | Promise<Chunk | null>;
  /** Says that whoever takes the bytes is slow: from now on little is read ahead, until he waits. */
  slower(): void;
  /** Stops all reads; a waiting `next` is rejected. */
  cancel(): void;
}

/** Objects under way at once: few for a reader that never waits, doubled whenever he does. */
const FEWEST_READS = 2;
const MOST_READS = 16;

/** An object is asked for when no more than this comes before it. */
const AHEAD_BYTES = 8 * 1024 * 1024;

/** Long literals are given in pieces of this size. */
const LITERAL_PIECE = 256 * 1024;

/** An object segment under way. */
interface Running {
  readonly segment: ObjectSegment;
  readonly read: RangeRead;
  taken: number;
  crc: number;
}

type Planned = { readonly literal: Buffer } | Running;

/** Reads segments ahead of who takes them. */
export function createReadAhead(segments: Iterable<Segment>, reader: RangeReader): ReadAhead {
  const source = segments[Symbol.iterator]();
  const planned: Planned[] = [];
  let isPlannedToEnd = false;
  let bytesAhead = 0;
  let running = 0;
  let mostRunning = FEWEST_READS;

  function plan(): void {
    while (!isPlannedToEnd && running < mostRunning && bytesAhead < AHEAD_BYTES) {
      const { done, value } = source.next();
      if (done === true) {
        isPlannedToEnd = true;
      } else if (value.type === 'literal') {
        bytesAhead += value.bytes.length;
        planned.push({ literal: value.bytes });
      } else {
        bytesAhead += value.length;
        running += 1;
        planned.push({ segment: value, read: reader.read(value), taken: 0, crc: 0 });
      }
    }
  }

  function takeLiteral(literal: Buffer): Chunk {
    planned.shift();
    if (literal.length > LITERAL_PIECE) {
      planned.unshift({ literal: literal.subarray(LITERAL_PIECE) });
    }
    const bytes = literal.subarray(0, LITERAL_PIECE);
    bytesAhead -= bytes.length;
    return { bytes, release() {} };
  }

  function takeChunk(from: Running, chunk: Chunk): Chunk {
    const { segment } = from;
    const { length } = chunk.bytes;
    from.taken += length;
    bytesAhead -= length;
    const isWhole = segment.length === segment.size;
    if (isWhole) from.crc = crc32(chunk.bytes, from.crc);
    if (from.taken === segment.length) {
      planned.shift();
      running -= 1;
      if (isWhole && from.crc !== segment.crc32) {
        chunk.release();
        throw new MemberDamagedError(segment);
      }
    }
    return chunk;
  }

  async function whenRead(from: Running, pending: Promise<Chunk | null>): Promise<Chunk | null> {
    const chunk = await pending;
    return chunk === null ? null : takeChunk(from, chunk);
  }

  return {
    next() {
      plan();
      const [first] = planned;
      if (first === undefined) return null;
      if ('literal' in first) return takeLiteral(first.literal);
      const chunk = first.read.next();
      if (chunk === null) throw new Error('an object ended before its length');
      if (!(chunk instanceof Promise)) return takeChunk(first, chunk);
      mostRunning = Math.min(mostRunning * 2, MOST_READS);
      plan();
      return whenRead(first, chunk);
    },
    slower() {
      mostRunning = FEWEST_READS;
    },
    cancel() {
      isPlannedToEnd = true;
      for (const item of planned.splice(0)) if ('read' in item) item.read.cancel();
    },
  };
}
