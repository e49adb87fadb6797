/** Sectors, and the runs of pieces that an image is put together from. */
import type { Piece } from '../layout.ts';

/** Bytes of a sector: the block of ISO 9660 and of UDF, and the grid on which all data begins. */
export const SECTOR = 2048;

/** Sectors are numbered in 32 bits, in both file systems. */
export const MAX_SECTORS = 0xffff_ffff;

/** How many sectors so many bytes take. */
export function sectorsOf(bytes: number): number {
  return Math.ceil(bytes / SECTOR);
}

/** A run of neighbouring pieces of the image, rendered when asked for. */
export interface Region {
  /** End of each piece in bytes from the region's start; never falling. */
  readonly ends: ArrayLike<number>;
  piece(index: number): Piece;
}

/** Zeros are shared: nothing may write into what this gives. At most 64 KiB. */
export function zeros(bytes: number): Buffer {
  return ZEROS.subarray(0, bytes);
}
const ZEROS = Buffer.alloc(64 * 1024);

/** So many zero sectors. */
export function zeroRegion(sectors: number): Region {
  const perPiece = ZEROS.length / SECTOR;
  const ends = Array.from(
    { length: Math.ceil(sectors / perPiece) },
    (_, index) => Math.min((index + 1) * perPiece, sectors) * SECTOR,
  );
  return { ends, piece: (index) => zeros((ends[index] ?? 0) - (ends[index - 1] ?? 0)) };
}

/** Pieces of one sector each, rendered by their place in the region. */
export function sectorRegion(count: number, piece: (index: number) => Buffer): Region {
  return { ends: Float64Array.from({ length: count }, (_, index) => (index + 1) * SECTOR), piece };
}

/** Bytes of known content, filled up to whole sectors. */
export function literalRegion(sectors: number, render: () => Buffer): Region {
  return {
    ends: [sectors * SECTOR],
    piece() {
      const filled = Buffer.alloc(sectors * SECTOR);
      render().copy(filled);
      return filled;
    },
  };
}

/** All regions one after another. */
export function joinRegions(regions: readonly Region[]) {
  const firsts: number[] = [];
  let count = 0;
  for (const { ends } of regions) {
    firsts.push(count);
    count += ends.length;
  }
  const bounds = new Float64Array(count + 1);
  let start = 0;
  let index = 0;
  for (const { ends } of regions) {
    for (let piece = 0; piece < ends.length; piece += 1) {
      index += 1;
      bounds[index] = start + (ends[piece] ?? 0);
    }
    start = bounds[index] ?? start;
  }
  return {
    bounds,
    piece(at: number): Piece {
      const region = firsts.findLastIndex((first) => first <= at);
      const found = regions[region];
      if (found === undefined) throw new RangeError(`There is no piece ${at}`);
      return found.piece(at - (firsts[region] ?? 0));
    },
  };
}
