/** The directory record (ECMA-119 section 9.1). */
import { both16, both32 } from './both-endian.ts';
import { shortTime } from './times.ts';

const FIXED_BYTES = 33;
const FOLDER = 0x02;
const MULTI_EXTENT = 0x80;

/** Longest record: its length is one byte, and even. */
export const RECORD_BYTES = 254;

export interface DirectoryRecord {
  readonly identifier: Buffer;
  readonly sector: number;
  readonly bytes: number;
  /** Milliseconds of Unix time. */
  readonly modified: number;
  readonly isFolder: boolean;
  /** Whether the next record has more of the same file. */
  readonly continues: boolean;
  /** Fields of Rock Ridge. */
  readonly systemUse: Buffer;
}

/** Identifiers of a folder itself and of the one above it. */
export const SELF = Buffer.from([0]);
export const PARENT = Buffer.from([1]);

/** Where the system use of a record begins: after its identifier, at an even offset. */
export function systemUseOffset(identifierBytes: number): number {
  return even(FIXED_BYTES + identifierBytes);
}

export function recordLength(identifierBytes: number, systemUseBytes: number): number {
  return even(systemUseOffset(identifierBytes) + systemUseBytes);
}

export function directoryRecord(record: DirectoryRecord): Buffer {
  const { identifier, systemUse } = record;
  const bytes = Buffer.alloc(recordLength(identifier.length, systemUse.length));
  bytes[0] = bytes.length;
  both32(bytes, record.sector, 2);
  both32(bytes, record.bytes, 10);
  shortTime(record.modified).copy(bytes, 18);
  bytes[25] = (record.isFolder ? FOLDER : 0) | (record.continues ? MULTI_EXTENT : 0);
  both16(bytes, 1, 28);
  bytes[32] = identifier.length;
  identifier.copy(bytes, FIXED_BYTES);
  systemUse.copy(bytes, systemUseOffset(identifier.length));
  return bytes;
}

function even(length: number): number {
  return length + (length % 2);
}
