/** A manifest as a ZIP archive, stored, with ZIP64 where it must be: tag files first, then `data/`. */
import { bagFolder, bagTagFiles } from './bag.ts';
import { type ArchiveLayout, createLayout, type Piece } from './layout.ts';
import { type ArchiveManifest, assertManifest, manifestMemory } from './manifest.ts';
import type { TagFile } from './tag-file.ts';
import {
  centralHeader,
  centralHeaderLength,
  endOfDirectory,
  localHeader,
  localHeaderLength,
  MAX_32,
  type ZipEntry,
} from './zip-records.ts';

/** Members whose central headers are rendered together. */
const DIRECTORY_GROUP = 256;

/** The members' facts, tag files first, as columns. */
interface Members {
  readonly count: number;
  readonly names: Buffer;
  /** End of each name in `names`. */
  readonly nameEnds: Uint32Array;
  readonly sizes: Float64Array;
  readonly crcs: Uint32Array;
  /** Unix seconds. */
  readonly modified: Float64Array;
  /** 1 where the sizes stand in ZIP64 fields. */
  readonly wideSizes: Uint8Array;
}

function unixSeconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}

function collectMembers(manifest: ArchiveManifest, tags: readonly TagFile[]): Members {
  const folder = bagFolder(manifest);
  const { files } = manifest;
  const count = tags.length + files.length;
  const paths = [
    ...tags.map((tag) => `${folder}/${tag.path}`),
    ...files.map((file) => `${folder}/data/${file.path}`),
  ];
  const names = Buffer.from(paths.join(''));
  const nameEnds = new Uint32Array(count);
  const sizes = new Float64Array(count);
  const crcs = new Uint32Array(count);
  const modified = new Float64Array(count);
  const wideSizes = new Uint8Array(count);
  let nameEnd = 0;
  paths.forEach((path, index) => {
    nameEnd += Buffer.byteLength(path);
    nameEnds[index] = nameEnd;
  });
  const frozen = unixSeconds(manifest.createdAt);
  tags.forEach((tag, index) => {
    sizes[index] = tag.size;
    crcs[index] = tag.crc32;
    modified[index] = frozen;
  });
  files.forEach((file, position) => {
    const index = tags.length + position;
    sizes[index] = file.size;
    crcs[index] = file.crc32;
    modified[index] = unixSeconds(file.modifiedAt);
    // Info-ZIP 6.00 mistakes the size of a member of exactly 4,294,967,295 bytes for a mark that also
    // governs the next member's fields; full ZIP64 fields there are read rightly by all.
    const afterMark = sizes[index - 1] === MAX_32;
    wideSizes[index] = file.size >= MAX_32 || afterMark ? 1 : 0;
  });
  return { count, names, nameEnds, sizes, crcs, modified, wideSizes };
}

function nameLength({ nameEnds }: Members, index: number): number {
  return (nameEnds[index] ?? 0) - (index === 0 ? 0 : (nameEnds[index - 1] ?? 0));
}

function headerFacts(members: Members, index: number, offset: number) {
  return {
    modified: members.modified[index] ?? 0,
    wideSizes: members.wideSizes[index] === 1,
    offset,
  };
}

function entryAt(members: Members, index: number, offset: number): ZipEntry {
  const nameEnd = members.nameEnds[index] ?? 0;
  return {
    ...headerFacts(members, index, offset),
    name: members.names.subarray(nameEnd - nameLength(members, index), nameEnd),
    size: members.sizes[index] ?? 0,
    crc32: members.crcs[index] ?? 0,
  };
}

/** Bounds of: header and content of each member, the directory in groups, the end. */
function pieceBounds(members: Members): { bounds: Float64Array; directoryOffset: number } {
  const { count } = members;
  const groups = Math.ceil(count / DIRECTORY_GROUP);
  const bounds = new Float64Array(2 * count + groups + 2);
  let offset = 0;
  for (let index = 0; index < count; index += 1) {
    const facts = headerFacts(members, index, offset);
    bounds[2 * index] = offset;
    offset += localHeaderLength(nameLength(members, index), facts);
    bounds[2 * index + 1] = offset;
    offset += members.sizes[index] ?? 0;
  }
  const directoryOffset = offset;
  for (let index = 0; index < count; index += 1) {
    if (index % DIRECTORY_GROUP === 0) bounds[2 * count + index / DIRECTORY_GROUP] = offset;
    const facts = headerFacts(members, index, bounds[2 * index] ?? 0);
    offset += centralHeaderLength(nameLength(members, index), facts);
  }
  bounds[2 * count + groups] = offset;
  return { bounds, directoryOffset };
}

/**
 * The manifest as a ZIP archive. The same manifest gives the same bytes, always.
 * @throws ArchiveManifestError where the manifest is not sound
 */
export function layoutZip(manifest: ArchiveManifest): ArchiveLayout {
  assertManifest(manifest);
  const tags = bagTagFiles(manifest);
  const members = collectMembers(manifest, tags);
  const { count } = members;
  const { bounds, directoryOffset } = pieceBounds(members);
  const directoryEnd = bounds[bounds.length - 2] ?? 0;
  const end = endOfDirectory({
    entries: count,
    size: directoryEnd - directoryOffset,
    offset: directoryOffset,
  });
  bounds[bounds.length - 1] = directoryEnd + end.length;

  const entry = (index: number) => entryAt(members, index, bounds[2 * index] ?? 0);
  const content = (index: number): Piece => {
    const tag = tags[index];
    if (tag !== undefined) return tag.content;
    const file = index - tags.length;
    const { object, size, crc32: crc } = manifest.files[file] ?? outside(index);
    return { file, ...object, size, crc32: crc };
  };
  const directoryGroup = (group: number): Buffer => {
    const from = group * DIRECTORY_GROUP;
    const length = Math.min(DIRECTORY_GROUP, count - from);
    return Buffer.concat(Array.from({ length }, (_, index) => centralHeader(entry(from + index))));
  };
  return createLayout({
    bounds,
    memory:
      tags.reduce((sum, tag) => sum + tag.memory, bounds.byteLength + members.names.length) +
      manifestMemory(manifest),
    piece(index) {
      if (index < 2 * count) {
        return index % 2 === 0 ? localHeader(entry(index / 2)) : content((index - 1) / 2);
      }
      return index === bounds.length - 2 ? end : directoryGroup(index - 2 * count);
    },
  });
}

function outside(index: number): never {
  throw new RangeError(`There is no member ${index}`);
}
