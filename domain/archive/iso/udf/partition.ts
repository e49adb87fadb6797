/** What stands in the UDF partition before the data: file set, entries, chains of extents, names. */
import type { Members } from '../members.ts';
import { type Region, SECTOR, sectorRegion, sectorsOf } from '../sectors.ts';
import { childrenOf, ROOT, type Tree } from '../tree.ts';
import { chainBlock, chainLength, type Run } from './allocation.ts';
import { fileEntry } from './file-entry.ts';
import { fileIdentifier, identifierBytes, PARENT_BYTES } from './file-identifier.ts';
import { fileSet, type UdfVolume } from './volume.ts';

/** Names of a folder that are rendered together. */
const NAME_GROUP = 64;

/** Lower ones are reserved (UDF 1.02 section 3.2.1); the root has zero. */
const FIRST_UNIQUE_ID = 16;

/** The block of a node's file entry: they follow the file set. */
function entryBlock(node: number): number {
  return 1 + node;
}

export function uniqueId(node: number): number {
  return node === ROOT ? 0 : FIRST_UNIQUE_ID + node;
}

/** Where each folder's names stand, cut into groups. */
interface NamePlan {
  /** First block of each folder's names. */
  readonly blocks: Uint32Array;
  readonly bytes: Uint32Array;
  /** Of each group: its folder, its first child's place there, where it begins in the folder. */
  readonly folders: Uint32Array;
  readonly firsts: Uint32Array;
  readonly offsets: Uint32Array;
  /** End of each group from the start of all names; the last of a folder fills its block. */
  readonly ends: Float64Array;
  readonly sectors: number;
}

function planNames(tree: Tree, start: number): NamePlan {
  const blocks = new Uint32Array(tree.folders);
  const lengths = new Uint32Array(tree.folders);
  const folders: number[] = [];
  const firsts: number[] = [];
  const offsets: number[] = [];
  const ends: number[] = [];
  let sectors = 0;
  for (let folder = 0; folder < tree.folders; folder += 1) {
    blocks[folder] = start + sectors;
    const children = childrenOf(tree, tree.children, folder);
    let bytes = PARENT_BYTES;
    for (let first = 0; first === 0 || first < children.length; first += NAME_GROUP) {
      folders.push(folder);
      firsts.push(first);
      offsets.push(first === 0 ? 0 : bytes);
      for (const node of children.subarray(first, first + NAME_GROUP)) {
        bytes += identifierBytes(tree.name(node));
      }
      ends.push(sectors * SECTOR + bytes);
    }
    lengths[folder] = bytes;
    sectors += sectorsOf(bytes);
    ends[ends.length - 1] = sectors * SECTOR;
  }
  return {
    blocks,
    bytes: lengths,
    folders: Uint32Array.from(folders),
    firsts: Uint32Array.from(firsts),
    offsets: Uint32Array.from(offsets),
    ends: Float64Array.from(ends),
    sectors,
  };
}

function nameRegion(tree: Tree, plan: NamePlan): Region {
  return {
    ends: plan.ends,
    piece(group) {
      const folder = plan.folders[group] ?? 0;
      const first = plan.firsts[group] ?? 0;
      const length = (plan.ends[group] ?? 0) - (plan.ends[group - 1] ?? 0);
      const bytes = Buffer.alloc(length);
      let offset = plan.offsets[group] ?? 0;
      let used = 0;
      const add = (name: string | null, node: number) => {
        const block = (plan.blocks[folder] ?? 0) + Math.floor(offset / SECTOR);
        const entry = entryBlock(node);
        const isFolder = node < tree.folders;
        const written = fileIdentifier({ name, isFolder, entry, block }).copy(bytes, used);
        offset += written;
        used += written;
      };
      if (first === 0) add(null, tree.parents[folder] ?? 0);
      const children = childrenOf(tree, tree.children, folder);
      for (const node of children.subarray(first, first + NAME_GROUP)) add(tree.name(node), node);
      return bytes;
    },
  };
}

/** Files with more extents than an entry holds: few, since each has 234 GiB or more. */
interface Chains {
  readonly starts: ReadonlyMap<number, number>;
  readonly blocks: readonly { readonly member: number; readonly index: number }[];
}

function planChains(members: Members, start: number): Chains {
  const starts = new Map<number, number>();
  const blocks: { member: number; index: number }[] = [];
  for (let member = 0; member < members.count; member += 1) {
    const length = chainLength(members.sizes[member] ?? 0);
    if (length === 0) continue;
    starts.set(member, start + blocks.length);
    for (let index = 0; index < length; index += 1) blocks.push({ member, index });
  }
  return { starts, blocks };
}

export interface PartitionPlan {
  /** Blocks before what is not of UDF. */
  readonly sectors: number;
  /** Bytes of memory. */
  readonly memory: number;
  /** @param data first sector of each member */
  regions(volume: UdfVolume, data: Uint32Array): Region[];
}

export function planPartition(tree: Tree, members: Members): PartitionPlan {
  const chains = planChains(members, entryBlock(tree.nodes));
  const names = planNames(tree, entryBlock(tree.nodes) + chains.blocks.length);
  const links = new Uint32Array(tree.folders).fill(1);
  for (let folder = 1; folder < tree.folders; folder += 1) {
    const parent = tree.parents[folder] ?? 0;
    links[parent] = (links[parent] ?? 0) + 1;
  }
  return {
    sectors: entryBlock(tree.nodes) + chains.blocks.length + names.sectors,
    memory: names.ends.length * 20 + chains.blocks.length * 100,
    regions(volume, data) {
      const runOf = (member: number): Run => ({
        bytes: members.sizes[member] ?? 0,
        block: (data[member] ?? 0) - volume.partitionStart,
      });
      const entryOf = (node: number): Buffer => {
        const member = node - tree.folders;
        const isFolder = member < 0;
        return fileEntry({
          block: entryBlock(node),
          isFolder,
          links: isFolder ? (links[node] ?? 1) : 1,
          modified: isFolder ? members.frozen : (members.modified[member] ?? 0),
          uniqueId: uniqueId(node),
          run: isFolder
            ? { bytes: names.bytes[node] ?? 0, block: names.blocks[node] ?? 0 }
            : runOf(member),
          chain: chains.starts.get(member) ?? 0,
        });
      };
      return [
        sectorRegion(1, () => fileSet(volume, entryBlock(ROOT))),
        sectorRegion(tree.nodes, entryOf),
        sectorRegion(chains.blocks.length, (place) => {
          const { member, index } = chains.blocks[place] ?? { member: 0, index: 0 };
          return chainBlock(runOf(member), chains.starts.get(member) ?? 0, index);
        }),
        nameRegion(tree, names),
      ];
    },
  };
}
