/** Manifests to test archives with, and archives written to disk from their layout. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { EvidenceFacts } from '../../domain/archive/description.ts';
import type { ArchiveLayout, Segment } from '../../domain/archive/layout.ts';
import type {
  ArchiveFile,
  ArchiveManifest,
  DescribedManifest,
  PlainManifest,
} from '../../domain/archive/manifest.ts';
import { safeNames } from '../../domain/archive/names.ts';
import type { TagFile } from '../../domain/archive/tag-file.ts';

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm';

/** What files of tests may take there. */
const ROOM = 2 ** 30;

/**
 * A new folder for archives with holes: in memory where there is room, for there the holes are read without
 * a page of the cache for each page of zeros, which takes most of the time on a disk.
 */
export function sparseFolder(name: string): string {
  return mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), `casebridge-${name}-`));
}

function hasRoom(folder: string): boolean {
  const facts = existsSync(folder) ? statfsSync(folder) : null;
  return facts !== null && facts.bavail * facts.bsize >= ROOM;
}

/** A file of a test archive: its name and either its bytes or how many zeros it has. */
export interface TestFile {
  readonly name: string;
  readonly content: Buffer | number;
  readonly modifiedAt?: string;
}

/** CRC-32 of so many zero bytes, by repeated squaring of the operator that shifts in one. */
function zeroCrc32(length: number): number {
  const apply = (operator: readonly number[], state: number) =>
    operator.reduce((sum, column, bit) => ((state >>> bit) & 1 ? sum ^ column : sum), 0);
  const shiftByte = (state: number) => {
    let shifted = state;
    for (let bit = 0; bit < 8; bit += 1) {
      shifted = (shifted >>> 1) ^ (shifted & 1 ? 0xedb8_8320 : 0);
    }
    return shifted;
  };
  let operator = Array.from({ length: 32 }, (_, bit) => shiftByte(1 << bit));
  let state = -1;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) state = apply(operator, state);
    const square = operator;
    operator = square.map((column) => apply(square, column));
  }
  return ~state >>> 0;
}

type MoreOfManifest = Partial<Pick<ArchiveManifest, 'format' | 'case'>>;

/** A manifest of format version 1 over these files. */
export function testManifest(files: readonly TestFile[], more: MoreOfManifest = {}): PlainManifest {
  const paths = safeNames(files.map((file) => file.name));
  return {
    formatVersion: 1,
    format: 'zip',
    shareId: '0193a4c2-0000-7000-8000-000000000001',
    createdAt: '2026-03-14T09:26:53.000Z',
    organization: { name: 'Harbour Police' },
    case: { number: '2026-00417', title: 'Quay 7' },
    files: files.map((file, index) => testArchiveFile(file, paths[index] ?? '', index)),
    ...more,
  };
}

/** What `describedManifest` says of each piece of evidence, beside its number. */
const TEST_FACTS: Omit<EvidenceFacts, 'evidenceNumber'> = {
  title: 'Camera 3',
  description: null,
  tags: ['quay', 'night'],
  contentType: 'video/mp4',
  recordedAt: '2025-11-02T23:59:59.500Z',
  uploadedAt: '2025-11-03T08:00:00.000Z',
  sensitiveContentWarning: false,
  source: { model: 'Model 4', serialNumber: 'X-1' },
  location: { latitude: 54.3233, longitude: -10.1228, address: 'Quay 7, "north"' },
  multicamGroup: null,
  fleet: null,
};

/** A manifest as a share freezes it today, over these files. */
export function describedManifest(
  files: readonly TestFile[],
  more: MoreOfManifest & { readonly facts?: Partial<EvidenceFacts> } = {},
): DescribedManifest {
  const { facts, ...rest } = more;
  const plain = testManifest(files, rest);
  return {
    ...plain,
    formatVersion: 2,
    sharing: {
      sharedBy: { name: 'A. Member of Staff' },
      scope: 'entire_case',
      caseDescription: 'Two lines\nabout the quay.',
      caseTags: ['harbour'],
      audit: { sequence: 4711, hash: createHash('sha256').update('audit').digest('hex') },
    },
    files: plain.files.map((file, index) => ({
      ...file,
      evidence: { evidenceNumber: `E-${index + 1}`, ...TEST_FACTS, ...facts },
    })),
  };
}

function testArchiveFile(file: TestFile, path: string, index: number): ArchiveFile {
  const { content } = file;
  return {
    evidenceId: `evidence-${index}`,
    path,
    originalName: file.name,
    size: typeof content === 'number' ? content : content.length,
    sha256: createHash('sha256')
      .update(typeof content === 'number' ? '' : content)
      .digest('hex'),
    crc32: typeof content === 'number' ? zeroCrc32(content) : crc32(content),
    modifiedAt: file.modifiedAt ?? '2025-11-02T23:59:59.500Z',
    object: { key: `objects/${index}`, versionId: `v${index}`, etag: `"etag-${index}"` },
  };
}

/** The bytes of a segment, from the files that the manifest was made of. */
function segmentBytes(segment: Segment, files: readonly TestFile[]): Buffer {
  if (segment.type === 'literal') return segment.bytes;
  const content = files[segment.file]?.content ?? 0;
  const { offset, length } = segment;
  return typeof content === 'number'
    ? Buffer.alloc(length)
    : content.subarray(offset, offset + length);
}

/** All bytes of a range. */
export function archiveBytes(
  layout: ArchiveLayout,
  files: readonly TestFile[],
  start = 0,
  end = layout.size,
): Buffer {
  return Buffer.concat(
    [...layout.segments(start, end)].map((segment) => segmentBytes(segment, files)),
  );
}

/** All bytes of a tag file. */
export function tagBytes({ content }: TagFile): Buffer {
  if (Buffer.isBuffer(content)) return content;
  const parts = content.bounds.length - 1;
  return Buffer.concat(Array.from({ length: parts }, (_, index) => content.part(index)));
}

/** Writes the archive; zeros become holes, so that terabytes take kilobytes of disk. */
export function writeSparseArchive(
  layout: ArchiveLayout,
  files: readonly TestFile[],
  path: string,
): void {
  const handle = openSync(path, 'w');
  try {
    ftruncateSync(handle, layout.size);
    let position = 0;
    for (const segment of layout.segments()) {
      const isHole = segment.type === 'object' && typeof files[segment.file]?.content === 'number';
      const bytes = isHole ? undefined : segmentBytes(segment, files);
      if (bytes !== undefined) writeSync(handle, bytes, 0, bytes.length, position);
      position += segment.type === 'object' ? segment.length : segment.bytes.length;
    }
  } finally {
    closeSync(handle);
  }
}
