/**
 * The names of the Joliet tree: the real ones in UCS-2, shortened where Joliet's 64 characters end and
 * without `;`, which would begin a version there.
 */
import { childrenOf, type Tree } from './tree.ts';
import { orderChildren, type View } from './view.ts';

/** Of a file identifier, in UTF-16 units (Joliet specification, "File Identifier"). */
const NAME_UNITS = 64;

/** Longest extension that a shortened name keeps, with its dot. */
const EXTENSION_UNITS = 17;

/** UTF-16 in big-endian order. */
export function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** The start of a text in so many UTF-16 units, never half a character. */
export function cutUnits(text: string, units: number): string {
  const start = text.slice(0, units);
  return start.isWellFormed() ? start : start.slice(0, -1);
}

function needsChange(name: string): boolean {
  return name.length > NAME_UNITS || name.includes(';');
}

/** `name` with `~number` before its extension, within Joliet's bounds. */
function numbered(name: string, number: number): string {
  const plain = name.replaceAll(';', '_');
  const dot = plain.lastIndexOf('.');
  const hasExtension = dot > 0 && plain.length - dot <= EXTENSION_UNITS;
  const tail = `~${number}${hasExtension ? plain.slice(dot) : ''}`;
  return cutUnits(hasExtension ? plain.slice(0, dot) : plain, NAME_UNITS - tail.length) + tail;
}

/**
 * The changed names of one folder's children, by node. Each has a number of its own, which no other
 * name of the folder ends in: so they stay unique whatever a reader takes for equal letters, and need
 * no table of letters, which would grow with every version of Unicode.
 */
function changeNames(tree: Tree, children: Uint32Array, changed: Map<number, string>): void {
  const changing = children.filter((node) => needsChange(tree.name(node)));
  if (changing.length === 0) return;
  const taken = new Set<string>();
  for (const node of children) {
    const [, number] = /~(\d+)(?:\.[^.]*)?$/.exec(tree.name(node)) ?? [];
    if (number !== undefined) taken.add(number);
  }
  let number = 0;
  for (const node of changing) {
    do number += 1;
    while (taken.has(String(number)));
    changed.set(node, numbered(tree.name(node), number));
  }
}

export function jolietView(tree: Tree): View {
  const changed = new Map<number, string>();
  for (let folder = 0; folder < tree.folders; folder += 1) {
    changeNames(tree, childrenOf(tree, tree.children, folder), changed);
  }
  const name = (node: number) => changed.get(node) ?? tree.name(node);
  return {
    ...orderChildren(tree, (children) => Array.from(children, name)),
    identifier: (node) => ucs2(name(node)),
    identifierLength: (node) => name(node).length * 2,
  };
}
