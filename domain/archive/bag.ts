/**
 * The tag files of a BagIt 1.0 bag (RFC 8493): what makes an archive verifiable without us. Every
 * value is known when the manifest is frozen.
 */
import { caseFiles } from './case-files.ts';
import { certificateJson } from './certificate.ts';
import { certificatePage } from './certificate-page.ts';
import { type ArchiveFile, type ArchiveManifest, totalSize } from './manifest.ts';
import { ROOT_UNITS, safeFolderName } from './names.ts';
import { readme } from './readme.ts';
import { linesFile, type TagFile, textFile } from './tag-file.ts';

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

function bagInfo(manifest: ArchiveManifest): string {
  return [
    infoLine('Source-Organization', manifest.organization.name),
    manifest.formatVersion === 2 ? infoLine('Contact-Name', manifest.sharing.sharedBy.name) : '',
    infoLine('External-Description', `Case ${manifest.case.number}: ${manifest.case.title}`),
    infoLine('Bagging-Date', new Date(manifest.createdAt).toISOString().slice(0, 10)),
    infoLine('External-Identifier', manifest.shareId),
    infoLine('Internal-Sender-Identifier', manifest.case.number),
    infoLine('Payload-Oxum', `${totalSize(manifest)}.${manifest.files.length}`),
  ].join('');
}

/** `manifest-sha256.txt`: `sha256sum -c` reads it as it stands. */
function payloadManifest(files: readonly ArchiveFile[]): TagFile {
  return linesFile('manifest-sha256.txt', {
    items: files,
    line: (file) => manifestLine(file.sha256, `data/${file.path}`),
  });
}

function tagManifest(tagFiles: readonly TagFile[]): TagFile {
  return linesFile('tagmanifest-sha256.txt', {
    items: tagFiles,
    line: ({ path, sha256 }) => manifestLine(sha256, path),
  });
}

/** What format version 2 adds: a certificate of what was shared, and the case's metadata. */
function descriptions(manifest: ArchiveManifest): TagFile[] {
  if (manifest.formatVersion === 1) return [];
  return [certificatePage(manifest), certificateJson(manifest), ...caseFiles(manifest)];
}

/** All tag files in the order in which they stand in the archive. */
export function bagTagFiles(manifest: ArchiveManifest): TagFile[] {
  const described = [
    textFile('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
    textFile('README.txt', readme(manifest)),
    textFile('bag-info.txt', bagInfo(manifest)),
    payloadManifest(manifest.files),
    ...descriptions(manifest),
  ];
  return [...described, tagManifest(described)];
}
