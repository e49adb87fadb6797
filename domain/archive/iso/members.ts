/** The files of an image as columns, tag files first: no object is kept for each. */
import { bagFolder } from '../bag.ts';
import type { Piece } from '../layout.ts';
import type { ArchiveManifest } from '../manifest.ts';
import type { TagFile } from '../tag-file.ts';

export interface Members {
  readonly count: number;
  /** The image's one top folder. */
  readonly bag: string;
  /** Bytes. */
  readonly sizes: Float64Array;
  /** Milliseconds of Unix time. */
  readonly modified: Float64Array;
  /** When the manifest was frozen, in milliseconds of Unix time: the time of folders and tag files. */
  readonly frozen: number;
  /** Folder below the bag's, '' for the bag's own. */
  folder(member: number): string;
  name(member: number): string;
  content(member: number): Piece;
}

export function collectMembers(manifest: ArchiveManifest, tags: readonly TagFile[]): Members {
  const { files } = manifest;
  const frozen = Date.parse(manifest.createdAt);
  const path = (member: number) => tags[member]?.path ?? fileAt(member).path;
  const fileAt = (member: number) => {
    const file = files[member - tags.length];
    if (file === undefined) throw new RangeError(`There is no member ${member}`);
    return file;
  };
  return {
    count: tags.length + files.length,
    bag: bagFolder(manifest),
    sizes: Float64Array.from([...tags.map((tag) => tag.size), ...files.map((file) => file.size)]),
    modified: Float64Array.from([
      ...tags.map(() => frozen),
      ...files.map((file) => Date.parse(file.modifiedAt)),
    ]),
    frozen,
    folder(member) {
      const whole = path(member);
      const folder = whole.slice(0, Math.max(0, whole.lastIndexOf('/')));
      if (member < tags.length) return folder;
      return folder === '' ? 'data' : `data/${folder}`;
    },
    name(member) {
      const whole = path(member);
      return whole.slice(whole.lastIndexOf('/') + 1);
    },
    content(member) {
      const tag = tags[member];
      if (tag !== undefined) return tag.content;
      const { object, size, crc32 } = fileAt(member);
      return { file: member - tags.length, ...object, size, crc32 };
    },
  };
}
