/**
 * The tag files of a BagIt 1.0 bag (RFC 8493): what makes an archive verifiable without us. Every
 * value is known when the manifest is frozen.
 */
import { createHash } from 'node:crypto';
import type { ArchiveFile, ArchiveManifest } from './manifest.ts';
import { ROOT_UNITS, safeFolderName } from './names.ts';
import { readme } from './readme.ts';

/** A file that describes the payload, with its path below the archive's top folder. */
export interface TagFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The archive's one top folder. */
export function bagFolder(manifest: ArchiveManifest): string {
  return safeFolderName(manifest.case.number, ROOT_UNITS);
}

/** RFC 8493 section 2.1.3: line ends and `%` in a path are percent-encoded, nothing else. */
function manifestPath(path: string): string {
  return path.replace(/[%\r\n]/g, encodeURIComponent);
}

function manifestLine(sha256: string, path: string): string {
  return `${sha256}  ${manifestPath(path)}\n`;
}

/** One line of `bag-info.txt` (RFC 8493 section 2.2.2); a value cannot hold line ends. */
function infoLine(label: string, value: string): string {
  const line = value.toWellFormed().replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return `${label}: ${line.trim()}\n`;
}

/** `Payload-Oxum`: bytes and count of the payload, for a quick check of completeness. */
function payloadOxum(files: readonly ArchiveFile[]): string {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  return `${bytes}.${files.length}`;
}

function bagInfo(manifest: ArchiveManifest): string {
  return [
    infoLine('Source-Organization', manifest.organization.name),
    infoLine('External-Description', `Case ${manifest.case.number}: ${manifest.case.title}`),
    infoLine('Bagging-Date', new Date(manifest.createdAt).toISOString().slice(0, 10)),
    infoLine('External-Identifier', manifest.shareId),
    infoLine('Internal-Sender-Identifier', manifest.case.number),
    infoLine('Payload-Oxum', payloadOxum(manifest.files)),
  ].join('');
}

/** `manifest-sha256.txt`: `sha256sum -c` reads it as it stands. */
function payloadManifest(files: readonly ArchiveFile[]): string {
  return files.map((file) => manifestLine(file.sha256, `data/${file.path}`)).join('');
}

function tagManifest(tagFiles: readonly TagFile[]): string {
  return tagFiles
    .map(({ path, bytes }) => manifestLine(createHash('sha256').update(bytes).digest('hex'), path))
    .join('');
}

function textFile(path: string, text: string): TagFile {
  return { path, bytes: Buffer.from(text) };
}

/**
 * All tag files in the order in which they stand in the archive.
 * @param extra further tag files; they must follow from the manifest alone, like everything here
 */
export function bagTagFiles(manifest: ArchiveManifest, extra: readonly TagFile[] = []): TagFile[] {
  const described = [
    textFile('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
    textFile('README.txt', readme(manifest)),
    textFile('bag-info.txt', bagInfo(manifest)),
    textFile('manifest-sha256.txt', payloadManifest(manifest.files)),
    ...extra,
  ];
  return [...described, textFile('tagmanifest-sha256.txt', tagManifest(described))];
}
