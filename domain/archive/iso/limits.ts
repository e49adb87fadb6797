/** Whether files fit an ISO image, before their hashes are known and without a layout. */
import { MAX_FOLDERS } from './path-table.ts';
import { sectionCount } from './sections.ts';
import { MAX_SECTORS, sectorsOf } from './sectors.ts';
import { chainLength } from './udf/allocation.ts';

/** Descriptors, the gaps between them, tag files that do not grow with the payload, the end. */
const FIXED_SECTORS = 1_024;
/** An entry of UDF, and in each tree the start of an extent and its place in the path tables. */
const FOLDER_SECTORS = 8;
/** An entry of UDF and the names in three trees and in the bag's manifest. */
const FILE_SECTORS = 4;

/** The image's root, the bag's folder, `data`. */
const OWN_FOLDERS = 3;

/** A file of an image to be, with its path below `data/`. */
export interface IsoFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Sectors that an image of these files has at most. Generous with what describes them: a few KiB
 * for each file, of the 8 TiB that an image has.
 */
export function sectorsAtMost(files: readonly IsoFile[], folders: number): number {
  let sectors = FIXED_SECTORS + folders * FOLDER_SECTORS;
  for (const { size } of files) {
    sectors += sectorsOf(size) + FILE_SECTORS + sectionCount(size) + chainLength(size);
  }
  return sectors;
}

/** How many folders an image of these files has. */
export function countFolders(files: readonly IsoFile[]): number {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders.size + OWN_FOLDERS;
}

/** Whether an image surely holds these files: within 8 TiB and 65,535 folders. */
export function fitsIso(files: readonly IsoFile[]): boolean {
  const folders = countFolders(files);
  return folders <= MAX_FOLDERS && sectorsAtMost(files, folders) <= MAX_SECTORS;
}
