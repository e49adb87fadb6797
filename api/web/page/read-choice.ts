/** Files that were dropped or chosen, with their folders. */
import type { SourceFile } from '../engine/ports.ts';

/** A file of the browser's, under its path. */
function sourceOf(file: File, path: string): SourceFile {
  const { size, lastModified } = file;
  return { path, size, lastModified, slice: (start, end) => file.slice(start, end) };
}

/** What an input for files or for a folder has. */
export function filesOfInput(input: HTMLInputElement): SourceFile[] {
  return Array.from(input.files ?? [], (file) =>
    sourceOf(file, file.webkitRelativePath === '' ? file.name : file.webkitRelativePath),
  );
}

/** What a drop holds. */
export interface Dropped {
  readonly files: readonly SourceFile[];
  /** Paths of what the browser could not read. */
  readonly unreadable: readonly string[];
}

/** Everything that was dropped, folders with all that is below them. Call it while the drop is handled. */
export async function filesOfDrop(data: DataTransfer): Promise<Dropped> {
  // The items are gone once the event's handler has returned: take the entries before anything waits.
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  const plain = Array.from(data.files, (file) => sourceOf(file, file.name));
  if (entries.length === 0) return { files: plain, unreadable: [] };
  const files: SourceFile[] = [];
  const unreadable: string[] = [];
  const read = async (entry: FileSystemEntry): Promise<void> => {
    try {
      await readEntry(entry, files, read);
    } catch {
      unreadable.push(entry.fullPath.replace(/^\//, ''));
    }
  };
  for (const entry of entries) await read(entry);
  return { files, unreadable };
}

async function readEntry(
  entry: FileSystemEntry,
  found: SourceFile[],
  read: (below: FileSystemEntry) => Promise<void>,
): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push(sourceOf(file, entry.fullPath.replace(/^\//, '')));
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader gives some at a time, and none at the end.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const one of some) await read(one);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
