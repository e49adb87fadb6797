/** The file entry: all that UDF knows of a file or folder but its name (ECMA-167 4/14.9). */
import { SECTOR } from '../sectors.ts';
import { ENTRY_HEADER, entryExtents, type Run, runBlocks } from './allocation.ts';
import { IMPLEMENTATION, timestamp } from './fields.ts';
import { seal } from './tag.ts';

const STRATEGY = 4;
const TYPE_FOLDER = 4;
const TYPE_FILE = 5;
/** No user and no group. */
const NOBODY = 0xffff_ffff;

/** Execute 1, write 2, read 4: five bits each for others, group and owner (ECMA-167 4/14.9.5). */
const FILE_PERMISSIONS = 4 | (4 << 5) | (6 << 10);
const FOLDER_PERMISSIONS = 5 | (5 << 5) | (7 << 10);

export interface FileEntry {
  /** Its own block in the partition. */
  readonly block: number;
  readonly isFolder: boolean;
  readonly links: number;
  /** Milliseconds of Unix time. */
  readonly modified: number;
  readonly uniqueId: number;
  readonly run: Run;
  /** First block of the chain of extents, where there is one. */
  readonly chain: number;
}

export function fileEntry(entry: FileEntry): Buffer {
  const allocation = entryExtents(entry.run, entry.chain);
  const filled = Buffer.alloc(SECTOR);
  const bytes = filled.subarray(0, ENTRY_HEADER + allocation.length);
  bytes.writeUInt16LE(STRATEGY, 20);
  bytes.writeUInt16LE(1, 24);
  bytes[27] = entry.isFolder ? TYPE_FOLDER : TYPE_FILE;
  bytes.writeUInt32LE(NOBODY, 36);
  bytes.writeUInt32LE(NOBODY, 40);
  bytes.writeUInt32LE(entry.isFolder ? FOLDER_PERMISSIONS : FILE_PERMISSIONS, 44);
  bytes.writeUInt16LE(Math.min(entry.links, 0xffff), 48);
  bytes.writeBigUInt64LE(BigInt(entry.run.bytes), 56);
  bytes.writeBigUInt64LE(BigInt(runBlocks(entry.run)), 64);
  const modified = timestamp(entry.modified);
  modified.copy(bytes, 72);
  modified.copy(bytes, 84);
  modified.copy(bytes, 96);
  bytes.writeUInt32LE(1, 108);
  IMPLEMENTATION.copy(bytes, 128);
  bytes.writeBigUInt64LE(BigInt(entry.uniqueId), 160);
  bytes.writeUInt32LE(allocation.length, 172);
  allocation.copy(bytes, ENTRY_HEADER);
  seal(bytes, 'file-entry', entry.block);
  return filled;
}
