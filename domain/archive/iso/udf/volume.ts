/** The descriptors of the UDF volume (ECMA-167 part 3, UDF 1.02 section 2.2): one closed partition. */
import { SECTOR } from '../sectors.ts';
import {
  CHARACTER_SET,
  DOMAIN,
  dstring,
  entity,
  extent,
  IMPLEMENTATION,
  longExtent,
  REVISION,
  revisionSuffix,
  timestamp,
} from './fields.ts';
import { seal } from './tag.ts';

export const MAIN_SEQUENCE = 32;
export const RESERVE_SEQUENCE = 48;
const SEQUENCE_SECTORS = 16;
export const INTEGRITY = 64;
/** The integrity descriptor and its terminator. */
export const INTEGRITY_SECTORS = 2;
export const ANCHOR = 256;

/** ECMA-167 3/11: volumes of one, sets of more. */
const INTERCHANGE_LEVEL = 2;
const MAX_INTERCHANGE_LEVEL = 3;
const READ_ONLY = 1;
const CLOSED = 1;

export interface UdfVolume {
  readonly label: string;
  /** Sixteen hexadecimal digits that no other image has. */
  readonly serial: string;
  /** Milliseconds of Unix time. */
  readonly created: number;
  readonly partitionStart: number;
  /** Sectors of the partition. */
  readonly partitionLength: number;
  readonly files: number;
  readonly folders: number;
  /** One more than the largest unique id in use. */
  readonly nextUniqueId: number;
}

function primaryVolume(volume: UdfVolume): Buffer {
  const bytes = Buffer.alloc(512);
  dstring(volume.label, 32).copy(bytes, 24);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt16LE(1, 58);
  bytes.writeUInt16LE(INTERCHANGE_LEVEL, 60);
  bytes.writeUInt16LE(MAX_INTERCHANGE_LEVEL, 62);
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(1, 68);
  dstring(`${volume.serial}${volume.label}`, 128).copy(bytes, 72);
  CHARACTER_SET.copy(bytes, 200);
  CHARACTER_SET.copy(bytes, 264);
  entity('*Casebridge').copy(bytes, 344);
  timestamp(volume.created).copy(bytes, 376);
  IMPLEMENTATION.copy(bytes, 388);
  return bytes;
}

function implementationUse(volume: UdfVolume): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.writeUInt32LE(1, 16);
  entity('*UDF LV Info', revisionSuffix()).copy(bytes, 20);
  CHARACTER_SET.copy(bytes, 52);
  dstring(volume.label, 128).copy(bytes, 116);
  IMPLEMENTATION.copy(bytes, 352);
  return bytes;
}

function partition(volume: UdfVolume): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.writeUInt32LE(2, 16);
  bytes.writeUInt16LE(1, 20);
  entity('+NSR02').copy(bytes, 24);
  bytes.writeUInt32LE(READ_ONLY, 184);
  bytes.writeUInt32LE(volume.partitionStart, 188);
  bytes.writeUInt32LE(volume.partitionLength, 192);
  IMPLEMENTATION.copy(bytes, 196);
  return bytes;
}

function logicalVolume(volume: UdfVolume): Buffer {
  const partitionMap = Buffer.from([1, 6, 1, 0, 0, 0]);
  const bytes = Buffer.alloc(440 + partitionMap.length);
  bytes.writeUInt32LE(3, 16);
  CHARACTER_SET.copy(bytes, 20);
  dstring(volume.label, 128).copy(bytes, 84);
  bytes.writeUInt32LE(SECTOR, 212);
  DOMAIN.copy(bytes, 216);
  longExtent(SECTOR, 0).copy(bytes, 248);
  bytes.writeUInt32LE(partitionMap.length, 264);
  bytes.writeUInt32LE(1, 268);
  IMPLEMENTATION.copy(bytes, 272);
  extent(INTEGRITY_SECTORS * SECTOR, INTEGRITY).copy(bytes, 432);
  partitionMap.copy(bytes, 440);
  return bytes;
}

function unallocatedSpace(): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(4, 16);
  return bytes;
}

function terminating(sector: number): Buffer {
  return seal(Buffer.alloc(512), 'terminating', sector);
}

/** Descriptors in sectors of their own. */
function inSectors(descriptors: readonly Buffer[]): Buffer {
  return Buffer.concat(
    descriptors.map((bytes) => Buffer.concat([bytes, Buffer.alloc(SECTOR - bytes.length)])),
  );
}

/** A volume descriptor sequence; the reserve one differs in its tags only. */
export function volumeSequence(volume: UdfVolume, sector: number): Buffer {
  return inSectors([
    seal(primaryVolume(volume), 'primary-volume', sector),
    seal(implementationUse(volume), 'implementation-use', sector + 1),
    seal(partition(volume), 'partition', sector + 2),
    seal(logicalVolume(volume), 'logical-volume', sector + 3),
    seal(unallocatedSpace(), 'unallocated-space', sector + 4),
    terminating(sector + 5),
  ]);
}

/** The logical volume is closed: nothing was left half written. */
export function integritySequence(volume: UdfVolume): Buffer {
  const use = Buffer.alloc(46);
  IMPLEMENTATION.copy(use);
  use.writeUInt32LE(volume.files, 32);
  use.writeUInt32LE(volume.folders, 36);
  use.writeUInt16LE(REVISION, 40);
  use.writeUInt16LE(REVISION, 42);
  use.writeUInt16LE(REVISION, 44);
  const bytes = Buffer.alloc(88 + use.length);
  timestamp(volume.created).copy(bytes, 16);
  bytes.writeUInt32LE(CLOSED, 28);
  bytes.writeBigUInt64LE(BigInt(volume.nextUniqueId), 40);
  bytes.writeUInt32LE(1, 72);
  bytes.writeUInt32LE(use.length, 76);
  bytes.writeUInt32LE(volume.partitionLength, 84);
  use.copy(bytes, 88);
  return inSectors([seal(bytes, 'integrity', INTEGRITY), terminating(INTEGRITY + 1)]);
}

/** Where readers begin: at sector 256 and at the last. */
export function anchor(sector: number): Buffer {
  const bytes = Buffer.alloc(512);
  extent(SEQUENCE_SECTORS * SECTOR, MAIN_SEQUENCE).copy(bytes, 16);
  extent(SEQUENCE_SECTORS * SECTOR, RESERVE_SEQUENCE).copy(bytes, 24);
  return inSectors([seal(bytes, 'anchor', sector)]);
}

/** The first block of the partition: names the root (ECMA-167 4/14.1). */
export function fileSet(volume: UdfVolume, rootBlock: number): Buffer {
  const bytes = Buffer.alloc(512);
  timestamp(volume.created).copy(bytes, 16);
  bytes.writeUInt16LE(3, 28);
  bytes.writeUInt16LE(3, 30);
  bytes.writeUInt32LE(1, 32);
  bytes.writeUInt32LE(1, 36);
  CHARACTER_SET.copy(bytes, 48);
  dstring(volume.label, 128).copy(bytes, 112);
  CHARACTER_SET.copy(bytes, 240);
  dstring(volume.label, 32).copy(bytes, 304);
  longExtent(SECTOR, rootBlock).copy(bytes, 400);
  DOMAIN.copy(bytes, 416);
  return inSectors([seal(bytes, 'file-set', 0)]);
}
