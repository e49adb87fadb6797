/**
 * What a download link promises, frozen when it is made. An archive's bytes follow from its manifest
 * alone, so that any process, after any restart or upgrade, gives the same bytes at the same offset.
 */
import { createHash } from 'node:crypto';
import {
  type EvidenceFacts,
  orderedEvidence,
  orderedSharing,
  type SharingFacts,
} from './description.ts';
import { isSafePath } from './names.ts';

/** The archive formats that a manifest can ask for. */
export const ARCHIVE_FORMATS = ['zip', 'iso'] as const;
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number];

/** One version of one object in the store. */
export interface ArchiveObject {
  readonly key: string;
  /** Null where the bucket keeps no versions. */
  readonly versionId: string | null;
  /** The store's entity tag, quoted or not, as the store gave it. */
  readonly etag: string;
}

/** One evidence file as it stands in the archive. */
export interface ArchiveFile {
  readonly evidenceId: string;
  /** Below `data/`, chosen by `safeNames`. */
  readonly path: string;
  readonly originalName: string;
  /** Bytes. */
  readonly size: number;
  /** Of the whole file, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** CRC-32 of ISO 3309, as an unsigned integer. */
  readonly crc32: number;
  /** ISO 8601 instant. */
  readonly modifiedAt: string;
  readonly object: ArchiveObject;
}

/** One evidence file and what its archive says of it. */
export interface DescribedFile extends ArchiveFile {
  readonly evidence: EvidenceFacts;
}

interface ManifestHead {
  readonly format: ArchiveFormat;
  readonly shareId: string;
  /** ISO 8601 instant at which the manifest was frozen. */
  readonly createdAt: string;
  readonly organization: { readonly name: string };
  readonly case: { readonly number: string; readonly title: string };
}

/** Format version 1: the files and their hashes. */
export interface PlainManifest extends ManifestHead {
  readonly formatVersion: 1;
  readonly files: readonly ArchiveFile[];
}

/** Format version 2: also the case's metadata and a certificate of what was shared. */
export interface DescribedManifest extends ManifestHead {
  readonly formatVersion: 2;
  readonly sharing: SharingFacts;
  readonly files: readonly DescribedFile[];
}

/** The version is raised whenever a change would change a byte; links keep the one they have. */
export type ArchiveManifest = PlainManifest | DescribedManifest;

/** About what a file costs in memory, in each version: its objects, its strings. */
const FILE_BYTES = { 1: 700, 2: 1800 };

/** About what keeping a manifest costs, in bytes. */
export function manifestMemory({ files, formatVersion }: ArchiveManifest): number {
  return files.length * FILE_BYTES[formatVersion];
}

/** Bytes of all files together. */
export function totalSize({ files }: ArchiveManifest): number {
  let bytes = 0;
  for (const { size } of files) bytes += size;
  return bytes;
}

/** A manifest from which no sound archive can be made. */
export class ArchiveManifestError extends Error {
  constructor(fault: string) {
    super(`Archive manifest: ${fault}`);
    this.name = 'ArchiveManifestError';
  }
}

function fileFault(file: ArchiveFile): string | undefined {
  if (!isSafePath(file.path)) return 'path is not safe';
  if (!Number.isSafeInteger(file.size) || file.size < 0) return 'size is not a byte count';
  if (!/^[0-9a-f]{64}$/.test(file.sha256)) return 'sha256 is not 64 hexadecimal digits';
  if (file.crc32 >>> 0 !== file.crc32) return 'crc32 is not an unsigned 32-bit integer';
  if (Number.isNaN(Date.parse(file.modifiedAt))) return 'modifiedAt is not an instant';
  return undefined;
}

function assertSharing({ audit }: SharingFacts): void {
  const isPosition = Number.isSafeInteger(audit.sequence) && audit.sequence >= 0;
  if (!isPosition || !/^[0-9a-f]{64}$/.test(audit.hash)) {
    throw new ArchiveManifestError('its audit position is none');
  }
}

/**
 * Refuses a manifest whose archive would be unsound: the last guard before bytes are promised.
 * @throws ArchiveManifestError naming the first fault, and the file by its evidence id
 */
export function assertManifest(manifest: ArchiveManifest): void {
  if (manifest.formatVersion !== 1 && manifest.formatVersion !== 2) {
    throw new ArchiveManifestError('this format version is not known');
  }
  if (!ARCHIVE_FORMATS.includes(manifest.format)) {
    throw new ArchiveManifestError('this format is not known');
  }
  if (Number.isNaN(Date.parse(manifest.createdAt))) {
    throw new ArchiveManifestError('createdAt is not an instant');
  }
  if (manifest.formatVersion === 2) assertSharing(manifest.sharing);
  const paths = new Set<string>();
  let total = 0;
  for (const file of manifest.files) {
    const fault = paths.has(file.path) ? 'path is used twice' : fileFault(file);
    if (fault !== undefined) throw new ArchiveManifestError(`${fault} (${file.evidenceId})`);
    paths.add(file.path);
    total += file.size;
  }
  if (!Number.isSafeInteger(total)) throw new ArchiveManifestError('its total size is not exact');
}

type FileLine = [
  evidenceId: string,
  path: string,
  originalName: string,
  size: number,
  sha256: string,
  crc32: number,
  modifiedAt: string,
  key: string,
  versionId: string | null,
  etag: string,
  evidence?: EvidenceFacts,
];

function* canonicalLines(manifest: ArchiveManifest): Generator<string> {
  const { formatVersion, format, shareId, createdAt, organization } = manifest;
  yield `${JSON.stringify({
    formatVersion,
    format,
    shareId,
    createdAt,
    organization: { name: organization.name },
    case: { number: manifest.case.number, title: manifest.case.title },
    ...(formatVersion === 2 && { sharing: orderedSharing(manifest.sharing) }),
  })}\n`;
  for (const file of manifest.files) {
    const { object } = file;
    const line: FileLine = [
      file.evidenceId,
      file.path,
      file.originalName,
      file.size,
      file.sha256,
      file.crc32,
      file.modifiedAt,
      object.key,
      object.versionId,
      object.etag,
    ];
    if ('evidence' in file) line.push(orderedEvidence(file.evidence));
    yield `${JSON.stringify(line)}\n`;
  }
}

/** The one way to write a manifest: a line of JSON for the whole, then one for each file, in order. */
export function canonicalManifest(manifest: ArchiveManifest): string {
  return [...canonicalLines(manifest)].join('');
}

/**
 * Reads what `canonicalManifest` wrote. Whether the manifest is sound is checked when it is laid out.
 * @throws ArchiveManifestError where the text is none
 */
export function parseManifest(text: string): ArchiveManifest {
  try {
    const [head = '', ...lines] = text.trimEnd().split('\n');
    const files = lines.map((line): ArchiveFile | DescribedFile => {
      const file: FileLine = JSON.parse(line);
      const [evidenceId, path, originalName, size, sha256, crc32, modifiedAt] = file;
      const object = { key: file[7], versionId: file[8], etag: file[9] };
      const plain = { evidenceId, path, originalName, size, sha256, crc32, modifiedAt, object };
      return file[10] === undefined ? plain : { ...plain, evidence: file[10] };
    });
    return { ...JSON.parse(head), files };
  } catch {
    throw new ArchiveManifestError('the text is not one');
  }
}

/**
 * The archive's strong entity tag (RFC 9110 section 8.8.3), quoted. It needs no payload: the manifest
 * names every byte by SHA-256 and object version.
 */
export function manifestEtag(manifest: ArchiveManifest): string {
  const hash = createHash('sha256');
  for (const line of canonicalLines(manifest)) hash.update(line);
  return `"${hash.digest('base64url')}"`;
}
