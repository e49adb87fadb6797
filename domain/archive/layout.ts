/**
 * An archive as a row of pieces, each literal bytes or the whole of one object, that can be entered at
 * any byte. Piece bounds are one typed array and literals are rendered when asked for, so that 100,000
 * files cost megabytes.
 */

/** Bytes that the layout itself knows. */
export interface LiteralSegment {
  readonly type: 'literal';
  readonly bytes: Buffer;
}

/** A range of one version of one object in the store. */
export interface ObjectSegment {
  readonly type: 'object';
  /** Index into the manifest's files. */
  readonly file: number;
  readonly key: string;
  readonly versionId: string | null;
  readonly etag: string;
  readonly offset: number;
  readonly length: number;
  /** Of the whole object, in bytes. */
  readonly size: number;
  /** CRC-32 of the whole object. */
  readonly crc32: number;
}

export type Segment = LiteralSegment | ObjectSegment;

/** Literal bytes in parts, each rendered when asked for. */
export interface LiteralParts {
  /** Start of each part, then the length of all: one more than there are parts, never falling. */
  readonly bounds: Float64Array;
  part(index: number): Buffer;
}

/** What an object piece is made of; a segment adds the range. */
export type ObjectPiece = Omit<ObjectSegment, 'type' | 'offset' | 'length'>;

export interface ArchiveLayout {
  /** Exact length of the archive in bytes. */
  readonly size: number;
  /** Roughly what keeping this layout costs, in bytes, its manifest included. */
  readonly memory: number;
  /**
   * The segments of the bytes from `start` up to, not including, `end`, in order; neighbouring literals
   * are joined.
   * @throws RangeError where the range is not within the archive
   */
  segments(start?: number, end?: number): Generator<Segment, void, undefined>;
}

export type Piece = Buffer | LiteralParts | ObjectPiece;

/** What a format says about itself. */
export interface Pieces {
  /** Start of each piece, then the archive's size: one more than there are pieces, never falling. */
  readonly bounds: Float64Array;
  readonly memory: number;
  /** A piece's bytes, or the object that it is. */
  piece(index: number): Piece;
}

/** Literals are joined up to this many bytes, which saves writes and stays small in memory. */
const JOINED_BYTES = 64 * 1024;

/** The last piece that starts at or before an offset. */
function pieceAt(bounds: Float64Array, offset: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((bounds[middle] ?? Number.POSITIVE_INFINITY) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The bytes from `start` up to, not including, `end` of a literal. */
function* literalBytes(literal: Buffer | LiteralParts, start: number, end: number) {
  if (Buffer.isBuffer(literal)) {
    yield literal.subarray(start, end);
    return;
  }
  let position = start;
  for (let index = pieceAt(literal.bounds, start); position < end; index += 1) {
    const from = literal.bounds[index] ?? 0;
    const to = Math.min(literal.bounds[index + 1] ?? end, end);
    if (to <= position) continue;
    yield literal.part(index).subarray(position - from, to - from);
    position = to;
  }
}

function* segmentsOf(pieces: Pieces, start: number, end: number): Generator<Segment> {
  let literals: Buffer[] = [];
  let joinedBytes = 0;
  const joined = (): LiteralSegment => {
    const [first] = literals;
    const bytes = first !== undefined && literals.length === 1 ? first : Buffer.concat(literals);
    literals = [];
    joinedBytes = 0;
    return { type: 'literal', bytes };
  };
  let position = start;
  for (let index = pieceAt(pieces.bounds, start); position < end; index += 1) {
    const from = pieces.bounds[index] ?? 0;
    const to = Math.min(pieces.bounds[index + 1] ?? end, end);
    if (to <= position) continue;
    const piece = pieces.piece(index);
    if (Buffer.isBuffer(piece) || 'part' in piece) {
      for (const bytes of literalBytes(piece, position - from, to - from)) {
        if (joinedBytes > 0 && joinedBytes + bytes.length > JOINED_BYTES) yield joined();
        literals.push(bytes);
        joinedBytes += bytes.length;
      }
    } else {
      if (joinedBytes > 0) yield joined();
      yield { type: 'object', ...piece, offset: position - from, length: to - position };
    }
    position = to;
  }
  if (joinedBytes > 0) yield joined();
}

/** The layout that a format's pieces make. */
export function createLayout(pieces: Pieces): ArchiveLayout {
  const size = pieces.bounds.at(-1) ?? 0;
  return {
    size,
    memory: pieces.memory,
    segments(start = 0, end = size) {
      if (!(start >= 0 && start <= end && end <= size)) {
        throw new RangeError(`Bytes ${start} to ${end} are not within ${size}`);
      }
      return segmentsOf(pieces, start, end);
    },
  };
}
