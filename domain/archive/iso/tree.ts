/** The folders of an image and what stands in them: one tree that all its file systems show. */
import type { Members } from './members.ts';

/** The image's root; the bag's folder stands in it. */
export const ROOT = 0;

/** Nodes are numbers: folders first, then members in their order. */
export interface Tree {
  readonly folders: number;
  readonly nodes: number;
  /** Folder of each node; the root's is the root. */
  readonly parents: Uint32Array;
  /** Where each folder's children begin in `children`, then their count: one more than folders. */
  readonly childStarts: Uint32Array;
  readonly children: Uint32Array;
  /** As in the manifest; '' for the root. */
  name(node: number): string;
}

/** A folder's children in the order of a column like `Tree.children`. */
export function childrenOf(tree: Tree, children: Uint32Array, folder: number): Uint32Array {
  return children.subarray(tree.childStarts[folder], tree.childStarts[folder + 1]);
}

/** Folders by their path below the bag, numbered as they are met. */
function collectFolders(members: Members) {
  const names = ['', members.bag];
  const parents = [ROOT, ROOT];
  const byPath = new Map([['', 1]]);
  const resolve = (path: string): number => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf('/');
    const parent = resolve(path.slice(0, Math.max(0, slash)));
    const folder = names.push(path.slice(slash + 1)) - 1;
    parents.push(parent);
    byPath.set(path, folder);
    return folder;
  };
  // RFC 8493 section 2.1.2: a bag has a payload folder, even an empty one.
  resolve('data');
  const memberFolders = new Uint32Array(members.count);
  for (let member = 0; member < members.count; member += 1) {
    memberFolders[member] = resolve(members.folder(member));
  }
  return { names, parents, memberFolders };
}

export function buildTree(members: Members): Tree {
  const { names, parents: folderParents, memberFolders } = collectFolders(members);
  const folders = names.length;
  const nodes = folders + members.count;
  const parents = new Uint32Array(nodes);
  parents.set(folderParents);
  parents.set(memberFolders, folders);

  const childStarts = new Uint32Array(folders + 1);
  for (let node = 1; node < nodes; node += 1) {
    const next = (parents[node] ?? 0) + 1;
    childStarts[next] = (childStarts[next] ?? 0) + 1;
  }
  for (let folder = 0; folder < folders; folder += 1) {
    childStarts[folder + 1] = (childStarts[folder + 1] ?? 0) + (childStarts[folder] ?? 0);
  }
  const children = new Uint32Array(nodes - 1);
  const filled = childStarts.slice();
  for (let node = 1; node < nodes; node += 1) {
    const parent = parents[node] ?? 0;
    const at = filled[parent] ?? 0;
    children[at] = node;
    filled[parent] = at + 1;
  }
  return {
    folders,
    nodes,
    parents,
    childStarts,
    children,
    name: (node) => (node < folders ? (names[node] ?? '') : members.name(node - folders)),
  };
}
