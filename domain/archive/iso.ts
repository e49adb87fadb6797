/**
 * A manifest as an ISO image that Windows, macOS and Linux mount: UDF 1.02, and for older readers ISO
 * 9660 level 3 with Rock Ridge and Joliet, all over the same data. All metadata comes first, then the
 * files, each on a sector of its own.
 */
import { createHash } from 'node:crypto';
import { bagTagFiles } from './bag.ts';
import { dataRegion, dataSectors, placeData } from './iso/data.ts';
import { IsoTooLargeError } from './iso/errors.ts';
import { type FolderPlan, folderRegion, planFolders } from './iso/folders.ts';
import { jolietView } from './iso/joliet-view.ts';
import { collectMembers } from './iso/members.ts';
import { pathTable, pathTableLength } from './iso/path-table.ts';
import { primaryView } from './iso/primary-view.ts';
import { createRockRidge } from './iso/rock-ridge.ts';
import {
  joinRegions,
  literalRegion,
  MAX_SECTORS,
  SECTOR,
  sectorsOf,
  zeroRegion,
} from './iso/sectors.ts';
import { NO_SYSTEM_USE } from './iso/system-use.ts';
import { buildTree, ROOT, type Tree } from './iso/tree.ts';
import { planPartition, uniqueId } from './iso/udf/partition.ts';
import {
  ANCHOR,
  anchor,
  INTEGRITY,
  INTEGRITY_SECTORS,
  integritySequence,
  MAIN_SEQUENCE,
  RESERVE_SEQUENCE,
  volumeSequence,
} from './iso/udf/volume.ts';
import type { View } from './iso/view.ts';
import {
  jolietDescriptor,
  primaryDescriptor,
  recognitionSequence,
} from './iso/volume-descriptors.ts';
import { type ArchiveLayout, createLayout } from './layout.ts';
import { type ArchiveManifest, assertManifest, manifestMemory } from './manifest.ts';

/** ECMA-119 section 6.2.1: left to what boots from a volume. */
const SYSTEM_SECTORS = 16;

/** Drives and some readers look ahead of where the last file ends. */
const TAIL_SECTORS = 150;

/** About what a node costs in memory beside the pieces' bounds: columns, names, plans. */
const NODE_BYTES = 400;

/** A tree of ISO 9660 with the sectors of its path tables and folders. */
function placeTree(tree: Tree, view: View, plan: FolderPlan, tables: number, folders: number) {
  const length = pathTableLength(tree, view);
  const sector = (folder: number) => folders + (plan.starts[folder] ?? 0);
  return {
    facts: {
      pathTableBytes: length,
      pathTableLittle: tables,
      pathTableBig: tables + sectorsOf(length),
      rootSector: sector(ROOT),
      rootBytes: (plan.lengths[ROOT] ?? 0) * SECTOR,
    },
    tables: [
      literalRegion(sectorsOf(length), () => pathTable(tree, view, sector, 'little-endian')),
      literalRegion(sectorsOf(length), () => pathTable(tree, view, sector, 'big-endian')),
    ],
  };
}

/**
 * The manifest as an ISO image. The same manifest gives the same bytes, always.
 * @throws ArchiveManifestError where the manifest is not sound
 * @throws IsoTooLargeError where one image cannot number its sectors or folders
 */
export function layoutIso(manifest: ArchiveManifest): ArchiveLayout {
  assertManifest(manifest);
  const tags = bagTagFiles(manifest);
  const members = collectMembers(manifest, tags);
  const tree = buildTree(members);
  const primary = primaryView(tree);
  const joliet = jolietView(tree);
  const rockRidge = createRockRidge(tree, primary, members);
  const partition = planPartition(tree, members);
  const primaryPlan = planFolders(tree, primary, members, rockRidge);
  const jolietPlan = planFolders(tree, joliet, members, NO_SYSTEM_USE);

  const partitionStart = ANCHOR + 1;
  const primaryTables = partitionStart + partition.sectors;
  const jolietTables = primaryTables + 2 * sectorsOf(pathTableLength(tree, primary));
  const primaryFolders = jolietTables + 2 * sectorsOf(pathTableLength(tree, joliet));
  const jolietFolders = primaryFolders + primaryPlan.sectors;
  const dataStart = jolietFolders + jolietPlan.sectors;
  const dataEnd = dataStart + dataSectors(members);
  const sectors = dataEnd + TAIL_SECTORS + 1;
  if (sectors > MAX_SECTORS) {
    throw new IsoTooLargeError(`${sectors} sectors, at most ${MAX_SECTORS}`);
  }

  const data = placeData(members, dataStart);
  const volume = {
    label: members.bag,
    serial: createHash('sha256').update(manifest.shareId).digest('hex').slice(0, 16),
    created: members.frozen,
    partitionStart,
    partitionLength: dataEnd - partitionStart,
    files: members.count,
    folders: tree.folders,
    nextUniqueId: uniqueId(tree.nodes),
  };
  const primaryTree = placeTree(tree, primary, primaryPlan, primaryTables, primaryFolders);
  const jolietTree = placeTree(tree, joliet, jolietPlan, jolietTables, jolietFolders);
  const facts = { label: members.bag, created: members.frozen, sectors };
  const { bounds, piece } = joinRegions([
    zeroRegion(SYSTEM_SECTORS),
    literalRegion(MAIN_SEQUENCE - SYSTEM_SECTORS, () =>
      Buffer.concat([
        primaryDescriptor({ ...facts, ...primaryTree.facts }),
        jolietDescriptor({ ...facts, ...jolietTree.facts }),
        recognitionSequence(),
      ]),
    ),
    literalRegion(RESERVE_SEQUENCE - MAIN_SEQUENCE, () => volumeSequence(volume, MAIN_SEQUENCE)),
    literalRegion(INTEGRITY - RESERVE_SEQUENCE, () => volumeSequence(volume, RESERVE_SEQUENCE)),
    literalRegion(INTEGRITY_SECTORS, () => integritySequence(volume)),
    zeroRegion(ANCHOR - INTEGRITY - INTEGRITY_SECTORS),
    literalRegion(1, () => anchor(ANCHOR)),
    ...partition.regions(volume, data),
    ...primaryTree.tables,
    ...jolietTree.tables,
    folderRegion(primaryPlan, tree, primary, members, rockRidge, primaryFolders, data),
    folderRegion(jolietPlan, tree, joliet, members, NO_SYSTEM_USE, jolietFolders, data),
    dataRegion(members),
    zeroRegion(TAIL_SECTORS),
    literalRegion(1, () => anchor(sectors - 1)),
  ]);
  const memory =
    tags.reduce((sum, tag) => sum + tag.memory, bounds.byteLength) +
    tree.nodes * NODE_BYTES +
    manifestMemory(manifest);
  return createLayout({ bounds, memory, piece });
}
