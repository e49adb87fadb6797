/** The file identifier descriptor: a name in a folder (ECMA-167 4/14.4, UDF 1.02 section 2.3.4). */
import { SECTOR } from '../sectors.ts';
import { compressedLength, compressedUnicode, longExtent } from './fields.ts';
import { seal } from './tag.ts';

const HEADER = 38;
const FOLDER = 0x02;
const PARENT = 0x08;

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** Bytes of the descriptor that names nothing but the folder above. */
export const PARENT_BYTES = padded(HEADER);

export function identifierBytes(name: string): number {
  return padded(HEADER + compressedLength(name));
}

export interface FileIdentifier {
  /** Null for the folder above. */
  readonly name: string | null;
  readonly isFolder: boolean;
  /** Block of the file entry. */
  readonly entry: number;
  /** Block in which the descriptor begins. */
  readonly block: number;
}

export function fileIdentifier({ name, isFolder, entry, block }: FileIdentifier): Buffer {
  const text = name === null ? Buffer.alloc(0) : compressedUnicode(name);
  const bytes = Buffer.alloc(padded(HEADER + text.length));
  bytes.writeUInt16LE(1, 16);
  bytes[18] = (isFolder ? FOLDER : 0) | (name === null ? PARENT : 0);
  bytes[19] = text.length;
  longExtent(SECTOR, entry).copy(bytes, 20);
  text.copy(bytes, HEADER);
  return seal(bytes, 'file-identifier', block);
}
