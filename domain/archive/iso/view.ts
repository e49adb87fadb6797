/** One of the two ISO 9660 trees of an image, the primary or the Joliet one: its names and order. */
import { childrenOf, ROOT, type Tree } from './tree.ts';

export interface View {
  /** Like `Tree.children`, each folder's in the order of its records (ECMA-119 section 9.3). */
  readonly children: Uint32Array;
  /** Folders in the order of the path table (ECMA-119 section 6.9.1), the root first. */
  readonly pathOrder: Uint32Array;
  /** A node's file identifier; for a file of the primary tree with its version. */
  identifier(node: number): Buffer;
  identifierLength(node: number): number;
}

/** Each folder's children in the order of their keys by code units. */
export function orderChildren(
  tree: Tree,
  sortKeys: (children: Uint32Array) => readonly string[],
): Pick<View, 'children' | 'pathOrder'> {
  const ordered = new Uint32Array(tree.children.length);
  for (let folder = 0; folder < tree.folders; folder += 1) {
    const children = childrenOf(tree, tree.children, folder);
    const keys = sortKeys(children);
    const order = Array.from(children.keys()).sort((left, right) =>
      (keys[left] ?? '') < (keys[right] ?? '') ? -1 : 1,
    );
    const start = tree.childStarts[folder] ?? 0;
    order.forEach((index, place) => {
      ordered[start + place] = children[index] ?? 0;
    });
  }
  return { children: ordered, pathOrder: breadthFirst(tree, ordered) };
}

function breadthFirst(tree: Tree, children: Uint32Array): Uint32Array {
  const order = new Uint32Array(tree.folders);
  let known = 1;
  order[0] = ROOT;
  for (let next = 0; next < known; next += 1) {
    for (const node of childrenOf(tree, children, order[next] ?? 0)) {
      if (node >= tree.folders) continue;
      order[known] = node;
      known += 1;
    }
  }
  return order;
}
