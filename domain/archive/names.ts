/**
 * Names that Windows, macOS and Linux all accept and keep apart. Chosen once, when a manifest is
 * frozen, and the same in every archive format, in `manifest-sha256.txt` and on the pages.
 */
import { createHash } from 'node:crypto';

/** Longest component that both UDF (127 UTF-16 units) and Rock Ridge (255 UTF-8 bytes) hold. */
const COMPONENT_UNITS = 127;
const COMPONENT_BYTES = 255;

/** Longest name of an archive's top folder, in UTF-16 units. */
export const ROOT_UNITS = 20;

/**
 * Longest path below `data/`, in UTF-16 units: with the top folder and `data/` it makes 180, which
 * leaves 80 of Windows' MAX_PATH (260) for the folder that the recipient unpacks into.
 */
export const PATH_UNITS = 180 - ROOT_UNITS - '//data'.length;

/** Of `PATH_UNITS`, what folders may use, so that every file keeps enough of its own name. */
const FOLDER_UNITS = 80;

/** Longest extension that a shortened name keeps, with its dot. */
const EXTENSION_UNITS = 17;

/**
 * Characters that are dropped: they show nothing or, like the bidirectional controls, make a name show
 * as another. Joiners and variation selectors stay: Persian, Indic scripts, Han and emoji need them.
 */
const INVISIBLE =
  /[[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2028\u2029\ufff9-\ufffb]--[\u200c\u200d\p{Variation_Selector}]]/gv;

/**
 * Characters that Windows refuses, and `%`, which BagIt writes as `%25` (RFC 8493 section 2.1.3) where
 * `sha256sum -c` would look for exactly that name.
 */
const REFUSED = /[<>:"|?*\\%]/g;

/** Device names of Windows, also with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$) *(?:\.|$)/i;

/** Most names: nothing in them needs a change unless they are reserved. */
const PLAIN = /^[\w-](?:[\w .()-]*[\w()-])?$/;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Two names with equal keys are one on some file system: case-insensitive, NFC or NFD, joiners ignored. */
function comparisonKey(name: string): string {
  if (PRINTABLE_ASCII.test(name)) return name.toUpperCase();
  const spelled = name.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  // Upper-casing, unlike lower-casing, also unites ß with ss and both forms of the small sigma.
  return spelled.toUpperCase().normalize('NFC');
}

function fits(text: string, units: number): boolean {
  // A UTF-16 unit takes three bytes of UTF-8 at most.
  if (text.length * 3 <= COMPONENT_BYTES) return text.length <= units;
  return text.length <= units && Buffer.byteLength(text) <= COMPONENT_BYTES;
}

/** The longest start of a text that fits, never half a character. */
function cut(text: string, units: number, bytes: number): string {
  let end = 0;
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (end + character.length > units || used > bytes) break;
    end += character.length;
  }
  return text.slice(0, end).replace(/[\s.\u200c\u200d]+$/u, '');
}

function splitExtension(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  const isExtension = dot > 0 && name.length - dot <= EXTENSION_UNITS && dot < name.length - 1;
  return isExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}

/** `name` with `suffix` before its extension, shortened where needed. */
function fitted(name: string, suffix: string, units: number): string {
  if (suffix === '' && fits(name, units)) return name;
  const [stem, extension] = splitExtension(name);
  const tail = suffix + extension;
  const start = cut(stem, units - tail.length, COMPONENT_BYTES - Buffer.byteLength(tail));
  const isUsable = start !== '' && !RESERVED.test(start + tail);
  return (isUsable ? start : '_') + tail;
}

/** One component made safe, or '' where nothing is left of it, as of `.` and `..`. */
function safeComponent(original: string): string {
  if (PLAIN.test(original) && !RESERVED.test(original)) return original;
  const name = original
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(REFUSED, '_')
    .normalize('NFC')
    .replace(/^\s+|[\s.]+$/gu, '');
  // macOS takes a file whose name starts with `._` for the attributes of another and hides it.
  return RESERVED.test(name) || name.startsWith('._') ? `_${name}` : name;
}

/** A safe name for an archive's top folder; `case` where nothing usable is left of the original. */
export function safeFolderName(original: string, units: number): string {
  const name = safeComponent(original.replaceAll('/', '-'));
  const short = fits(name, units) ? name : cut(name, units, COMPONENT_BYTES);
  return short === '' || RESERVED.test(short) ? 'case' : short;
}

/** The safe components of a folder path; what is too deep becomes one folder named by its hash. */
function safeFolders(original: string): string[] {
  const folders = original
    .split('/')
    .map((part) => fitted(safeComponent(part), '', COMPONENT_UNITS))
    .filter((part) => part !== '');
  if (folders.join('/').length <= FOLDER_UNITS) return folders;
  const hash = createHash('sha256').update(folders.map(comparisonKey).join('/')).digest('hex');
  const mark = `~${hash.slice(0, 12)}`;
  const kept: string[] = [];
  let room = FOLDER_UNITS - mark.length;
  for (const folder of folders) {
    if (folder.length + 1 > room) {
      kept.push(cut(folder, Math.max(0, room), COMPONENT_BYTES - mark.length) + mark);
      return kept;
    }
    kept.push(folder);
    room -= folder.length + 1;
  }
  return kept;
}

/** Folders met so far. The first spelling of a folder stands for all that a file system may unite. */
function createFolders() {
  const resolved = new Map<string, string>();
  const spellings = new Map<string, string>();
  return {
    /** Comparison keys of all folders and of the folders above them. */
    keys: spellings as ReadonlyMap<string, string>,
    resolve(original: string): string {
      const known = resolved.get(original);
      if (known !== undefined) return known;
      let path = '';
      for (const folder of safeFolders(original)) {
        const candidate = path === '' ? folder : `${path}/${folder}`;
        const key = comparisonKey(candidate);
        const spelling = spellings.get(key) ?? candidate;
        // ß and SS are one folder to some, but a longer spelling could burst the bound of the path.
        path = spelling.length === candidate.length ? spelling : candidate;
        if (!spellings.has(key)) spellings.set(key, path);
      }
      resolved.set(original, path);
      return path;
    },
  };
}

/**
 * A safe path below `data/` for each original name, in the same order. Folders (`a/b.mp4`) are kept,
 * `.`, `..` and empty ones are not. No two paths, nor a path and a folder, are equal after NFC and case
 * folding: later ones get ` (2)`, ` (3)` … before their extension. The same input gives the same names.
 */
export function safeNames(originalNames: readonly string[]): string[] {
  const folders = createFolders();
  const places = originalNames.map((original) => {
    const slash = original.lastIndexOf('/');
    const folder = slash < 0 ? '' : folders.resolve(original.slice(0, slash));
    const name = safeComponent(original.slice(slash + 1));
    return { folder, name: name === '' ? 'unnamed' : name };
  });
  const taken = new Set<string>();
  const nextNumber = new Map<string, number>();
  return places.map(({ folder, name }) => {
    const prefix = folder === '' ? '' : `${folder}/`;
    const units = Math.min(COMPONENT_UNITS, PATH_UNITS - prefix.length);
    let path = prefix + fitted(name, '', units);
    const first = comparisonKey(path);
    let key = first;
    let number = nextNumber.get(first) ?? 2;
    while (taken.has(key) || folders.keys.has(key)) {
      path = prefix + fitted(name, ` (${number})`, units);
      key = comparisonKey(path);
      number += 1;
    }
    nextNumber.set(first, number);
    taken.add(key);
    return path;
  });
}

/** Whether a path is one that `safeNames` could have given. */
export function isSafePath(path: string): boolean {
  if (path.length === 0 || path.length > PATH_UNITS || !path.isWellFormed()) return false;
  return path
    .split('/')
    .every((part) => part !== '' && fits(part, COMPONENT_UNITS) && safeComponent(part) === part);
}
