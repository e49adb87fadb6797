/** The path tables of a tree (ECMA-119 sections 6.9 and 9.4): all folders, in each byte order. */

import { SELF } from './directory-record.ts';
import { IsoTooLargeError } from './errors.ts';
import { ROOT, type Tree } from './tree.ts';
import type { View } from './view.ts';

/** Folders are numbered in 16 bits. */
export const MAX_FOLDERS = 65_535;

const FIXED_BYTES = 8;

function recordBytes(view: View, folder: number): number {
  const identifier = folder === ROOT ? SELF.length : view.identifierLength(folder);
  return FIXED_BYTES + identifier + (identifier % 2);
}

/**
 * Length of one table in bytes.
 * @throws IsoTooLargeError where there are more folders than it can number
 */
export function pathTableLength(tree: Tree, view: View): number {
  if (tree.folders > MAX_FOLDERS) {
    throw new IsoTooLargeError(`${tree.folders} folders, at most ${MAX_FOLDERS}`);
  }
  let length = 0;
  for (const folder of view.pathOrder) length += recordBytes(view, folder);
  return length;
}

/** @param sector first sector of a folder */
export function pathTable(
  tree: Tree,
  view: View,
  sector: (folder: number) => number,
  order: 'little-endian' | 'big-endian',
): Buffer {
  const numbers = new Uint16Array(tree.folders);
  view.pathOrder.forEach((folder, index) => {
    numbers[folder] = index + 1;
  });
  const bytes = Buffer.alloc(pathTableLength(tree, view));
  let at = 0;
  for (const folder of view.pathOrder) {
    const identifier = folder === ROOT ? SELF : view.identifier(folder);
    const parent = numbers[tree.parents[folder] ?? 0] ?? 0;
    bytes[at] = identifier.length;
    if (order === 'little-endian') {
      bytes.writeUInt32LE(sector(folder), at + 2);
      bytes.writeUInt16LE(parent, at + 6);
    } else {
      bytes.writeUInt32BE(sector(folder), at + 2);
      bytes.writeUInt16BE(parent, at + 6);
    }
    identifier.copy(bytes, at + FIXED_BYTES);
    at += recordBytes(view, folder);
  }
  return bytes;
}
