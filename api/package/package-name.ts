import type { ArchiveFormat } from '../../domain/archive/manifest.ts';
import { ROOT_UNITS, safeFolderName } from '../../domain/archive/names.ts';
import type { DownloadGrant } from '../../domain/sharing/download-link/download-session.ts';

const EXTENSIONS: Readonly<Record<ArchiveFormat, string>> = { zip: '.zip', iso: '.iso' };

/** What a package is called in ASCII where its case's number has nothing of it. */
export const PACKAGE_STEM = 'package';

/** The name under which a package is saved: its case's number, as its top folder has it. */
export function packageName({
  archive,
  format,
}: Pick<DownloadGrant, 'archive' | 'format'>): string {
  return safeFolderName(archive.caseNumber, ROOT_UNITS) + EXTENSIONS[format];
}
