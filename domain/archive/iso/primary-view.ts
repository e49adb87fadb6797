/**
 * The names of the primary tree, for readers that know nothing better: ISO 9660 interchange level 3,
 * upper case letters, digits and `_`, made from the real names (ECMA-119 sections 7.5, 7.6 and 10.3).
 */
import type { Tree } from './tree.ts';
import { orderChildren, type View } from './view.ts';

/** File name and extension together, ECMA-119 section 7.5.1; folders may have one more. */
const NAME_CHARACTERS = 30;
const EXTENSION_CHARACTERS = 8;

const VERSION = ';1';

/**
 * The letters, digits and `_` of a text, at most so many. ASCII only: what Unicode says of other
 * characters grows with every version of Node, and these bytes must not.
 */
export function primaryCharacters(text: string, characters: number): string {
  return text
    .slice(0, characters)
    .replace(/[^A-Za-z0-9_]/g, '_')
    .toUpperCase();
}

interface Parts {
  readonly stem: string;
  /** With its dot; '' for a folder. */
  readonly extension: string;
}

function partsOf(name: string, isFolder: boolean): Parts {
  if (isFolder) return { stem: primaryCharacters(name, NAME_CHARACTERS), extension: '' };
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? primaryCharacters(name.slice(dot + 1), EXTENSION_CHARACTERS) : '';
  const stem = primaryCharacters(dot > 0 ? name.slice(0, dot) : name, NAME_CHARACTERS);
  return { stem: stem.slice(0, NAME_CHARACTERS - extension.length), extension: `.${extension}` };
}

/** Names without version for nodes of one folder: later ones of equal names end in `_2`, `_3` … */
function uniqueNames(tree: Tree, children: Uint32Array): string[] {
  const taken = new Set<string>();
  const nextNumber = new Map<string, number>();
  return Array.from(children, (node) => {
    const { stem, extension } = partsOf(tree.name(node), node < tree.folders);
    // A folder and a file without extension would differ in a dot only.
    const key = (start: string) => start + (extension === '.' ? '' : extension);
    const first = key(stem);
    let start = stem;
    for (let number = nextNumber.get(first) ?? 2; taken.has(key(start)); number += 1) {
      const suffix = `_${number}`;
      const room = NAME_CHARACTERS - Math.max(0, extension.length - 1) - suffix.length;
      start = stem.slice(0, room) + suffix;
      nextNumber.set(first, number + 1);
    }
    taken.add(key(start));
    return start + extension;
  });
}

export function primaryView(tree: Tree): View {
  const identifiers: string[] = Array.from({ length: tree.nodes }, () => '');
  const ordered = orderChildren(tree, (children) => {
    const names = uniqueNames(tree, children);
    children.forEach((node, index) => {
      identifiers[node] = (names[index] ?? '') + (node < tree.folders ? '' : VERSION);
    });
    // Name and extension are compared one after the other, as if filled up with spaces.
    return names.map((name) => name.replace('.', ' '));
  });
  const bytes = Buffer.from(identifiers.join(''), 'latin1');
  const starts = new Uint32Array(tree.nodes + 1);
  identifiers.forEach((identifier, node) => {
    starts[node + 1] = (starts[node] ?? 0) + identifier.length;
  });
  return {
    ...ordered,
    identifier: (node) => bytes.subarray(starts[node], starts[node + 1]),
    identifierLength: (node) => (starts[node + 1] ?? 0) - (starts[node] ?? 0),
  };
}
