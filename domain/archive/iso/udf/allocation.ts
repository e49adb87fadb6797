/** The extents of a file's data in UDF: in its file entry, then in a chain of blocks. */
import { SECTOR, sectorsOf } from '../sectors.ts';
import { seal } from './tag.ts';

/** An extent's length has 30 bits; all but the last fill their blocks. */
const EXTENT_BYTES = 2 ** 30 - SECTOR;
const EXTENT_BLOCKS = EXTENT_BYTES / SECTOR;

/** Type of an extent that holds further extents, in the two bits above its length. */
const CONTINUES = 3;

const DESCRIPTOR_BYTES = 8;
const CHAIN_HEADER = 24;
/** Before the extents of a file entry. */
export const ENTRY_HEADER = 176;
const ENTRY_SLOTS = (SECTOR - ENTRY_HEADER) / DESCRIPTOR_BYTES;
const CHAIN_SLOTS = (SECTOR - CHAIN_HEADER) / DESCRIPTOR_BYTES;

/** Data that stands in one piece. */
export interface Run {
  readonly bytes: number;
  /** First block in the partition. */
  readonly block: number;
}

function extentCount(bytes: number): number {
  return Math.ceil(bytes / EXTENT_BYTES);
}

/** How many blocks of extents a file needs beside its entry; each that goes on spends one slot. */
export function chainLength(bytes: number): number {
  return Math.max(0, Math.ceil((extentCount(bytes) - ENTRY_SLOTS) / (CHAIN_SLOTS - 1)));
}

function shortExtent(type: number, bytes: number, block: number): Buffer {
  const field = Buffer.alloc(DESCRIPTOR_BYTES);
  field.writeUInt32LE(type * 2 ** 30 + bytes, 0);
  field.writeUInt32LE(block, 4);
  return field;
}

/** Extents from one on, so many; then the address of the next block of them, where there is one. */
function extents(run: Run, first: number, count: number, next: number | undefined): Buffer {
  const fields = Array.from({ length: count }, (_, index) => {
    const extent = first + index;
    const bytes = Math.min(EXTENT_BYTES, run.bytes - extent * EXTENT_BYTES);
    return shortExtent(0, bytes, run.block + extent * EXTENT_BLOCKS);
  });
  if (next !== undefined) fields.push(shortExtent(CONTINUES, SECTOR, next));
  return Buffer.concat(fields);
}

/** @param chain first block of the file's chain */
export function entryExtents(run: Run, chain: number): Buffer {
  const count = extentCount(run.bytes);
  return count <= ENTRY_SLOTS
    ? extents(run, 0, count, undefined)
    : extents(run, 0, ENTRY_SLOTS - 1, chain);
}

/** One block of a file's chain: an allocation extent descriptor (ECMA-167 4/14.5). */
export function chainBlock(run: Run, chain: number, index: number): Buffer {
  const first = ENTRY_SLOTS - 1 + index * (CHAIN_SLOTS - 1);
  const left = extentCount(run.bytes) - first;
  const block = chain + index;
  const listed =
    left <= CHAIN_SLOTS
      ? extents(run, first, left, undefined)
      : extents(run, first, CHAIN_SLOTS - 1, block + 1);
  const bytes = Buffer.alloc(CHAIN_HEADER + listed.length);
  bytes.writeUInt32LE(listed.length, 20);
  listed.copy(bytes, CHAIN_HEADER);
  const filled = Buffer.alloc(SECTOR);
  seal(bytes, 'allocation-extent', block).copy(filled);
  return filled;
}

/** Blocks that a run takes. */
export function runBlocks({ bytes }: Run): number {
  return sectorsOf(bytes);
}
