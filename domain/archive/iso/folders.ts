/** The extents of a tree's folders: directory records in sectors, which no record crosses. */
import { directoryRecord, PARENT, recordLength, SELF } from './directory-record.ts';
import type { Members } from './members.ts';
import { sectionAt, sectionCount } from './sections.ts';
import { type Region, SECTOR, sectorRegion } from './sectors.ts';
import type { Role, SystemUse } from './system-use.ts';
import { childrenOf, type Tree } from './tree.ts';
import type { View } from './view.ts';

/** Marks a sector in which the records of its folder go on, see `SystemUse`. */
const CONTINUATION = 0xffff_ffff;

/** Sectors of the folders, and with which record each of them begins. */
export interface FolderPlan {
  readonly sectors: number;
  /** First sector of each folder, from the start of all folders. */
  readonly starts: Uint32Array;
  /** Sectors of each folder's records. */
  readonly lengths: Uint32Array;
  /** Folder of each sector. */
  readonly folders: Uint32Array;
  /** Its first record: 0 is the folder itself, 1 the one above, then the children; or `CONTINUATION`. */
  readonly records: Uint32Array;
  /** Of the first record's file, which section it is. */
  readonly sections: Uint32Array;
}

interface Entry {
  readonly node: number;
  readonly role: Role;
}

function entryAt(tree: Tree, children: Uint32Array, folder: number, record: number): Entry {
  if (record === 0) return { node: folder, role: 'self' };
  if (record === 1) return { node: tree.parents[folder] ?? 0, role: 'parent' };
  return { node: children[record - 2] ?? 0, role: 'child' };
}

function entryLength(view: View, systemUse: SystemUse, { node, role }: Entry): number {
  const identifier = role === 'child' ? view.identifierLength(node) : 1;
  return recordLength(identifier, systemUse.length(node, role));
}

/** A folder is one section, as is a file below 4 GiB. */
function sectionsOf(tree: Tree, members: Members, node: number): number {
  return node < tree.folders ? 1 : sectionCount(members.sizes[node - tree.folders] ?? 0);
}

export function planFolders(
  tree: Tree,
  view: View,
  members: Members,
  systemUse: SystemUse,
): FolderPlan {
  const starts = new Uint32Array(tree.folders);
  const lengths = new Uint32Array(tree.folders);
  const folders: number[] = [];
  const records: number[] = [];
  const sections: number[] = [];
  for (const folder of view.pathOrder) {
    starts[folder] = folders.length;
    const children = childrenOf(tree, view.children, folder);
    let used = SECTOR;
    for (let record = 0; record < children.length + 2; record += 1) {
      const entry = entryAt(tree, children, folder, record);
      const length = entryLength(view, systemUse, entry);
      const count = sectionsOf(tree, members, entry.node);
      for (let section = 0; section < count; section += 1) {
        if (used + length > SECTOR) {
          folders.push(folder);
          records.push(record);
          sections.push(section);
          used = 0;
        }
        used += length;
      }
    }
    lengths[folder] = folders.length - (starts[folder] ?? 0);
    const continued = systemUse.continue(folder, children, folders.length);
    for (let count = 0; count < continued; count += 1) {
      folders.push(folder);
      records.push(CONTINUATION);
      sections.push(0);
    }
  }
  return {
    sectors: folders.length,
    starts,
    lengths,
    folders: Uint32Array.from(folders),
    records: Uint32Array.from(records),
    sections: Uint32Array.from(sections),
  };
}

/**
 * @param start first sector of all folders
 * @param data first sector of each member
 */
export function folderRegion(
  plan: FolderPlan,
  tree: Tree,
  view: View,
  members: Members,
  systemUse: SystemUse,
  start: number,
  data: Uint32Array,
): Region {
  const recordOf = ({ node, role }: Entry, section: number): Buffer => {
    const rockRidge = systemUse.bytes(node, role, start);
    if (node < tree.folders) {
      return directoryRecord({
        identifier: role === 'child' ? view.identifier(node) : role === 'self' ? SELF : PARENT,
        sector: start + (plan.starts[node] ?? 0),
        bytes: (plan.lengths[node] ?? 0) * SECTOR,
        modified: members.frozen,
        isFolder: true,
        continues: false,
        systemUse: rockRidge,
      });
    }
    const member = node - tree.folders;
    const { offset, bytes, isLast } = sectionAt(members.sizes[member] ?? 0, section);
    return directoryRecord({
      identifier: view.identifier(node),
      sector: (data[member] ?? 0) + offset,
      bytes,
      modified: members.modified[member] ?? 0,
      isFolder: false,
      continues: !isLast,
      systemUse: rockRidge,
    });
  };

  return sectorRegion(plan.sectors, (sector) => {
    if (plan.records[sector] === CONTINUATION) return systemUse.continuation(sector);
    const folder = plan.folders[sector] ?? 0;
    const children = childrenOf(tree, view.children, folder);
    const bytes = Buffer.alloc(SECTOR);
    let used = 0;
    let section = plan.sections[sector] ?? 0;
    for (let record = plan.records[sector] ?? 0; record < children.length + 2; record += 1) {
      const entry = entryAt(tree, children, folder, record);
      const count = sectionsOf(tree, members, entry.node);
      for (; section < count; section += 1) {
        if (used + entryLength(view, systemUse, entry) > SECTOR) return bytes;
        used += recordOf(entry, section).copy(bytes, used);
      }
      section = 0;
    }
    return bytes;
  });
}
