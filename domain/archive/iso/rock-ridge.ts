/**
 * Rock Ridge (RRIP 1.12 over SUSP 1.12): real names, modes and times beside the names of ISO 9660. What
 * a record has no room for continues in an area of its own.
 */
import { both32 } from './both-endian.ts';
import { RECORD_BYTES, systemUseOffset } from './directory-record.ts';
import type { Members } from './members.ts';
import { type Region, SECTOR, sectorRegion } from './sectors.ts';
import { shortTime } from './times.ts';
import { ROOT, type Tree } from './tree.ts';
import type { View } from './view.ts';

/** A folder's records of itself and of the one above come first in it. */
export type Role = 'self' | 'parent' | 'child';

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

export interface RockRidge {
  /** Sectors of the continuation area. */
  readonly sectors: number;
  /** Bytes of memory. */
  readonly memory: number;
  systemUseLength(node: number, role: Role): number;
  /** @param area first sector of the continuation area */
  systemUse(node: number, role: Role, area: number): Buffer;
  region(): Region;
}

export function planRockRidge(tree: Tree, primary: View, members: Members): RockRidge {
  const nameLengths = new Uint8Array(tree.nodes);
  /** Where the rest of a name stands in the area; the area's first bytes are no name's. */
  const offsets = new Uint32Array(tree.nodes);
  const continued: number[] = [];
  /** Place in `continued` of the first of each sector. */
  const sectorStarts = [0];
  let end = EXTENSION_REFERENCE.length;
  const links = new Uint32Array(tree.folders).fill(2);
  for (let node = 1; node < tree.nodes; node += 1) {
    const parent = tree.parents[node] ?? 0;
    if (node < tree.folders) links[parent] = (links[parent] ?? 0) + 1;
    const length = Buffer.byteLength(tree.name(node));
    nameLengths[node] = length;
    const identifierBytes = primary.identifierLength(node);
    if (length <= roomForName(identifierBytes, true)) continue;
    const rest = NAME_HEADER + length - roomForName(identifierBytes, false);
    // A continuation that crossed a sector would not be read.
    if ((end % SECTOR) + rest > SECTOR || end % SECTOR === 0) {
      end = sectorStarts.length * SECTOR;
      sectorStarts.push(continued.length);
    }
    offsets[node] = end;
    continued.push(node);
    end += rest;
  }

  const nameParts = (node: number): [inRecord: Buffer, rest: Buffer | undefined] => {
    const name = Buffer.from(tree.name(node));
    if (offsets[node] === 0) return [name, undefined];
    const room = roomForName(primary.identifierLength(node), false);
    return [name.subarray(0, room), name.subarray(room)];
  };
  const attributes = (node: number): Buffer[] => {
    const member = node - tree.folders;
    const isFolder = member < 0;
    return [
      posixAttributes(
        isFolder ? FOLDER_MODE : FILE_MODE,
        isFolder ? (links[node] ?? 2) : 1,
        node + 1,
      ),
      timestamps(isFolder ? members.frozen : (members.modified[member] ?? 0)),
    ];
  };

  return {
    sectors: sectorStarts.length,
    memory: nameLengths.byteLength + offsets.byteLength + continued.length * 8,
    systemUseLength(node, role) {
      switch (role) {
        case 'self':
          return ATTRIBUTES + (node === ROOT ? INDICATOR + CONTINUATION : 0);
        case 'parent':
          return ATTRIBUTES;
        case 'child': {
          if (offsets[node] === 0) return ATTRIBUTES + NAME_HEADER + (nameLengths[node] ?? 0);
          return RECORD_BYTES - systemUseOffset(primary.identifierLength(node));
        }
        default:
          return role satisfies never;
      }
    },
    systemUse(node, role, area) {
      if (role === 'self' && node === ROOT) {
        const reference = continuation(area, 0, EXTENSION_REFERENCE.length);
        return Buffer.concat([sharingIndicator(), ...attributes(node), reference]);
      }
      if (role !== 'child') return Buffer.concat(attributes(node));
      const [inRecord, rest] = nameParts(node);
      const fields = [...attributes(node), alternateName(inRecord, rest !== undefined)];
      if (rest !== undefined) {
        const offset = offsets[node] ?? 0;
        const sector = area + Math.floor(offset / SECTOR);
        fields.push(continuation(sector, offset % SECTOR, NAME_HEADER + rest.length));
      }
      return Buffer.concat(fields);
    },
    region() {
      return sectorRegion(sectorStarts.length, (sector) => {
        const bytes = Buffer.alloc(SECTOR);
        if (sector === 0) EXTENSION_REFERENCE.copy(bytes);
        for (const node of continued.slice(sectorStarts[sector], sectorStarts[sector + 1])) {
          const [, rest] = nameParts(node);
          if (rest !== undefined)
            alternateName(rest, false).copy(bytes, (offsets[node] ?? 0) % SECTOR);
        }
        return bytes;
      });
    },
  };
}
