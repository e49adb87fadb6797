import { extensionOf, fileNameFaults } from '../../../domain/evidence/uploads/file-name.ts';
import type { SendingFacts } from '../contract.ts';
import type { SourceFile } from '../engine/ports.ts';

/** What is taken. */
type Taken = Pick<SendingFacts, 'limits' | 'extensions'>;

/** Why a file is not taken, before a byte of it is sent (product rules, section 4). */
export type Refusal =
  | { readonly type: 'type'; readonly extension: string }
  | { readonly type: 'size'; readonly size: number }
  | { readonly type: 'name' }
  /** The list has as many files as are taken in all. */
  | { readonly type: 'count' }
  /** The browser could not read it, and so nothing of it is known but its path. */
  | { readonly type: 'unreadable' };

/** A file that is not taken. */
export interface RefusedFile {
  readonly path: string;
  readonly refusal: Refusal;
}

/** Files that were chosen, sorted out. */
export interface Admission {
  readonly taken: readonly SourceFile[];
  readonly refused: readonly RefusedFile[];
  /** How many were in the list already. */
  readonly listed: number;
  /** How many were left out since systems put them everywhere and nobody means them. */
  readonly leftOut: number;
}

const SYSTEM_FILES: ReadonlySet<string> = new Set(['.ds_store', 'thumbs.db', 'desktop.ini']);

/** Sorts out what was chosen: what can be sent, and what cannot and why. */
export function admit(
  chosen: readonly SourceFile[],
  taken: Taken,
  list: readonly SourceFile[],
): Admission {
  const known = new Set(list.map(sameness));
  const added: SourceFile[] = [];
  const refused: RefusedFile[] = [];
  let listed = 0;
  let leftOut = 0;
  for (const source of chosen) {
    if (isSystemFile(source.path)) {
      leftOut += 1;
      continue;
    }
    const refusal = refusalOf(source, taken);
    if (refusal !== null) refused.push({ path: source.path, refusal });
    else if (known.has(sameness(source))) listed += 1;
    else if (list.length + added.length >= taken.limits.files) {
      refused.push({ path: source.path, refusal: { type: 'count' } });
    } else {
      known.add(sameness(source));
      added.push(source);
    }
  }
  return { taken: added, refused, listed, leftOut };
}

function refusalOf(source: SourceFile, { limits, extensions }: Taken): Refusal | null {
  if (fileNameFaults(source.path).length > 0) return { type: 'name' };
  const extension = extensionOf(source.path);
  if (!extensions.includes(extension)) return { type: 'type', extension };
  return source.size > limits.fileSize ? { type: 'size', size: source.size } : null;
}

/** What two entries of the list cannot both have: they would be the same file. */
function sameness({ path, size, lastModified }: SourceFile): string {
  return JSON.stringify([path, size, lastModified]);
}

/** Finder's companions of files on other disks (`._name`) are among them. */
function isSystemFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return SYSTEM_FILES.has(name) || name.startsWith('._');
}
