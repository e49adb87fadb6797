import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError, reasonOf } from './import-error.ts';

/** A file of the folder. */
export interface LocalFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Something in the folder that is no file to load. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
  /** Whether it may be a file that should have been loaded. */
  readonly isUnreadable: boolean;
}

/** What is in a folder: files to load, and whatever else. */
export interface FolderContent {
  readonly files: readonly LocalFile[];
  readonly skipped: readonly Skipped[];
}

/**
 * Walks a folder with all below it, in the order of the names. Links are not followed, so that
 * nothing from outside the folder is loaded and no circle is walked.
 * @throws ImportError where the folder cannot be read
 */
export async function readFolder(folder: string): Promise<FolderContent> {
  const files: LocalFile[] = [];
  const skipped: Skipped[] = [];

  async function walk(path: string, prefix: string): Promise<void> {
    const entries = await readdir(path, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const name = prefix + entry.name;
      const entryPath = join(path, entry.name);
      try {
        if (entry.isDirectory()) await walk(entryPath, `${name}/`);
        else if (entry.isFile()) {
          const { size, mtimeMs } = await stat(entryPath);
          files.push({ name, path: entryPath, size, mtimeMs });
        } else skipped.push({ name, reason: kindOf(entry), isUnreadable: false });
      } catch (error) {
        skipped.push({ name, reason: `cannot be read: ${reasonOf(error)}`, isUnreadable: true });
      }
    }
  }

  try {
    await walk(folder, '');
  } catch (error) {
    throw new ImportError(`The folder cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  return { files, skipped };
}

function kindOf(entry: {
  isSymbolicLink(): boolean;
  isSocket(): boolean;
  isFIFO(): boolean;
}): string {
  if (entry.isSymbolicLink()) return 'a link: links are not followed';
  if (entry.isSocket()) return 'a socket';
  if (entry.isFIFO()) return 'a pipe';
  return 'a device';
}
