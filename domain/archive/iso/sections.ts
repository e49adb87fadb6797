/** A file of 4 GiB or more is several sections in ISO 9660: its lengths are 32-bit (ECMA-119 6.5). */
import { SECTOR } from './sectors.ts';

const LONGEST_ALONE = 0xffff_ffff;
/** All sections but the last must fill their sectors. */
const SECTION_BYTES = 2 ** 32 - SECTOR;

export interface Section {
  /** Sectors from the start of the file's data. */
  readonly offset: number;
  readonly bytes: number;
  readonly isLast: boolean;
}

export function sectionCount(size: number): number {
  return size <= LONGEST_ALONE ? 1 : Math.ceil(size / SECTION_BYTES);
}

export function sectionAt(size: number, index: number): Section {
  if (size <= LONGEST_ALONE) return { offset: 0, bytes: size, isLast: true };
  const start = index * SECTION_BYTES;
  const bytes = Math.min(SECTION_BYTES, size - start);
  return { offset: start / SECTOR, bytes, isLast: start + bytes === size };
}
