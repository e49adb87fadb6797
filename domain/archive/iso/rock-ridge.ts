/**
 * Rock Ridge (RRIP 1.12 over SUSP 1.12): real names, modes and times beside the names of ISO 9660. What
 * a record has no room for continues behind its folder: libarchive, which reads forward only, loses what
 * stands anywhere else.
 */
import { both32 } from './both-endian.ts';
import { RECORD_BYTES, systemUseOffset } from './directory-record.ts';
import type { Members } from './members.ts';
import { SECTOR } from './sectors.ts';
import type { SystemUse } from './system-use.ts';
import { shortTime } from './times.ts';
import { ROOT, type Tree } from './tree.ts';
import type { View } from './view.ts';

const FILE_MODE = 0o100644;
const FOLDER_MODE = 0o40755;

const NAME_HEADER = 5;
const NAME_CONTINUES = 1;
const TIME_MODIFY = 0x02;

function field(signature: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write(signature, 'latin1');
  bytes[2] = length;
  bytes[3] = 1;
  return bytes;
}

/** PX, 44 bytes (RRIP 4.1.1): mode, links, user, group, serial number. */
function posixAttributes(mode: number, links: number, serial: number): Buffer {
  const bytes = field('PX', 44);
  both32(bytes, mode, 4);
  both32(bytes, links, 12);
  both32(bytes, serial, 36);
  return bytes;
}

/** TF, 12 bytes (RRIP 4.1.6): the time of the last change. */
function timestamps(modified: number): Buffer {
  const bytes = field('TF', 12);
  bytes[4] = TIME_MODIFY;
  shortTime(modified).copy(bytes, 5);
  return bytes;
}

/** NM (RRIP 4.1.4). */
function alternateName(part: Buffer, continues: boolean): Buffer {
  const bytes = field('NM', NAME_HEADER + part.length);
  bytes[4] = continues ? NAME_CONTINUES : 0;
  part.copy(bytes, NAME_HEADER);
  return bytes;
}

/** CE, 28 bytes (SUSP 5.1). */
function continuation(sector: number, offset: number, length: number): Buffer {
  const bytes = field('CE', 28);
  both32(bytes, sector, 4);
  both32(bytes, offset, 12);
  both32(bytes, length, 20);
  return bytes;
}

/** SP, in the very first record (SUSP 5.3). */
function sharingIndicator(): Buffer {
  const bytes = field('SP', 7);
  bytes.writeUInt16BE(0xbeef, 4);
  return bytes;
}

/** ER (SUSP 5.5) with the strings of RRIP 1.12 section 4.3. */
function extensionReference(): Buffer {
  const strings = [
    'IEEE_P1282',
    'THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS',
    'PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE P1282 SPECIFICATION',
  ];
  const text = strings.join('');
  const bytes = field('ER', 8 + text.length);
  strings.forEach((string, index) => {
    bytes[4 + index] = string.length;
  });
  bytes[7] = 1;
  bytes.write(text, 8, 'latin1');
  return bytes;
}

const EXTENSION_REFERENCE = extensionReference();
const ATTRIBUTES = 44 + 12;
const CONTINUATION = 28;
const INDICATOR = 7;

/** Bytes of a name that its record has room for. */
function roomForName(identifierBytes: number, isWhole: boolean): number {
  const used = systemUseOffset(identifierBytes) + ATTRIBUTES + NAME_HEADER;
  return RECORD_BYTES - used - (isWhole ? 0 : CONTINUATION);
}

/** Rock Ridge for the records of the primary tree; filled while folders are planned. */
export function createRockRidge(tree: Tree, primary: View, members: Members): SystemUse {
  const links = new Uint32Array(tree.folders).fill(2);
  for (let folder = 1; folder < tree.folders; folder += 1) {
    const parent = tree.parents[folder] ?? 0;
    links[parent] = (links[parent] ?? 0) + 1;
  }
  /** Where the rest of a name stands, in bytes from the start of all folders; 0 where there is none. */
  const offsets = new Uint32Array(tree.nodes);
  /** Nodes whose rest of a name stands in a sector. */
  const continued = new Map<number, number[]>();
  const reference = { sector: 0 };

  const isWhole = (node: number, nameBytes: number) =>
    nameBytes <= roomForName(primary.identifierLength(node), true);
  const rest = (node: number): Buffer =>
    Buffer.from(tree.name(node)).subarray(roomForName(primary.identifierLength(node), false));
  const attributes = (node: number): Buffer[] => {
    const member = node - tree.folders;
    if (member >= 0) {
      const modified = members.modified[member] ?? 0;
      return [posixAttributes(FILE_MODE, 1, node + 1), timestamps(modified)];
    }
    return [posixAttributes(FOLDER_MODE, links[node] ?? 2, node + 1), timestamps(members.frozen)];
  };

  return {
    length(node, role) {
      switch (role) {
        case 'self':
          return ATTRIBUTES + (node === ROOT ? INDICATOR + CONTINUATION : 0);
        case 'parent':
          return ATTRIBUTES;
        case 'child': {
          const nameBytes = Buffer.byteLength(tree.name(node));
          if (isWhole(node, nameBytes)) return ATTRIBUTES + NAME_HEADER + nameBytes;
          return RECORD_BYTES - systemUseOffset(primary.identifierLength(node));
        }
        default:
          return role satisfies never;
      }
    },

    bytes(node, role, start) {
      if (role === 'self' && node === ROOT) {
        const sector = start + reference.sector;
        const place = continuation(sector, 0, EXTENSION_REFERENCE.length);
        return Buffer.concat([sharingIndicator(), ...attributes(node), place]);
      }
      if (role !== 'child') return Buffer.concat(attributes(node));
      const name = Buffer.from(tree.name(node));
      if (isWhole(node, name.length)) {
        return Buffer.concat([...attributes(node), alternateName(name, false)]);
      }
      const offset = offsets[node] ?? 0;
      const room = roomForName(primary.identifierLength(node), false);
      return Buffer.concat([
        ...attributes(node),
        alternateName(name.subarray(0, room), true),
        continuation(
          start + Math.floor(offset / SECTOR),
          offset % SECTOR,
          NAME_HEADER + name.length - room,
        ),
      ]);
    },

    continue(folder, children, sector) {
      let end = sector * SECTOR;
      if (folder === ROOT) {
        reference.sector = sector;
        end += EXTENSION_REFERENCE.length;
      }
      for (const node of children) {
        if (isWhole(node, Buffer.byteLength(tree.name(node)))) continue;
        const length = NAME_HEADER + rest(node).length;
        // A continuation that crossed a sector would not be read.
        if ((end % SECTOR) + length > SECTOR) end = Math.ceil(end / SECTOR) * SECTOR;
        const inSector = continued.get(Math.floor(end / SECTOR)) ?? [];
        inSector.push(node);
        continued.set(Math.floor(end / SECTOR), inSector);
        offsets[node] = end;
        end += length;
      }
      return Math.ceil(end / SECTOR) - sector;
    },

    continuation(sector) {
      const bytes = Buffer.alloc(SECTOR);
      if (sector === reference.sector) EXTENSION_REFERENCE.copy(bytes);
      for (const node of continued.get(sector) ?? []) {
        alternateName(rest(node), false).copy(bytes, (offsets[node] ?? 0) % SECTOR);
      }
      return bytes;
    },
  };
}
