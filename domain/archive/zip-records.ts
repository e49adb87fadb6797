/**
 * The records of a ZIP file (PKWARE APPNOTE 6.3): members stored, sizes and CRC-32 in the local
 * header, no data descriptors, ZIP64 fields exactly where a 32-bit field overflows.
 */

/** From this value on a 32-bit field cannot hold a number: it is the mark that ZIP64 holds it. */
export const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;

/** Name and content flags: bit 11 says that the name is UTF-8 (APPNOTE 4.4.4). */
const UTF8_NAME = 0x0800;
const VERSION_STORED = 20;
const VERSION_ZIP64 = 45;
/** Made on Unix (3), so that the mode below counts, by version 4.5. */
const MADE_BY = (3 << 8) | VERSION_ZIP64;
/** A regular file, rw-r--r--. */
const EXTERNAL_ATTRIBUTES = 0o100644 * 2 ** 16;

const ZIP64_EXTRA = 0x0001;
const TIMESTAMP_EXTRA = 0x5455;
const TIMESTAMP_EXTRA_LENGTH = 9;

const LOCAL_HEADER_LENGTH = 30;
const CENTRAL_HEADER_LENGTH = 46;

/** What the two headers of one member say. */
export interface ZipEntry {
  /** UTF-8. */
  readonly name: Buffer;
  readonly size: number;
  readonly crc32: number;
  /** Unix time of the last change, whole seconds. */
  readonly modified: number;
  /** Of the local header. */
  readonly offset: number;
  /** Whether the sizes are in ZIP64 fields, even where they are small. */
  readonly wideSizes: boolean;
}

/** Where a header's ZIP64 fields depend on no more than this, so does its length. */
type Sized = Pick<ZipEntry, 'modified' | 'offset' | 'wideSizes'> & { readonly name: Uint8Array };

/** The extended timestamp is a signed 32-bit number. */
function fitsTimestamp(seconds: number): boolean {
  return seconds >= -(2 ** 31) && seconds < 2 ** 31;
}

function timestampLength(seconds: number): number {
  return fitsTimestamp(seconds) ? TIMESTAMP_EXTRA_LENGTH : 0;
}

function centralZip64Length(entry: Pick<ZipEntry, 'offset' | 'wideSizes'>): number {
  const fields = (entry.wideSizes ? 16 : 0) + (entry.offset >= MAX_32 ? 8 : 0);
  return fields === 0 ? 0 : 4 + fields;
}

/** Length of a member's local header in bytes. */
export function localHeaderLength(
  nameLength: number,
  entry: Pick<ZipEntry, 'modified' | 'wideSizes'>,
): number {
  const zip64 = entry.wideSizes ? 20 : 0;
  return LOCAL_HEADER_LENGTH + nameLength + zip64 + timestampLength(entry.modified);
}

/** Length of a member's central directory header in bytes. */
export function centralHeaderLength(nameLength: number, entry: Omit<Sized, 'name'>): number {
  const extra = centralZip64Length(entry) + timestampLength(entry.modified);
  return CENTRAL_HEADER_LENGTH + nameLength + extra;
}

/** MS-DOS date and time, as one 32-bit number: two-second steps, here in UTC, 1980 to 2107. */
function dosDateTime(seconds: number): number {
  const first = Date.UTC(1980, 0, 1) / 1000;
  const last = Date.UTC(2107, 11, 31, 23, 59, 58) / 1000;
  const time = new Date(Math.min(Math.max(seconds, first), last) * 1000);
  const days =
    ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const clock =
    (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return days * 2 ** 16 + clock;
}

function versionNeeded(entry: ZipEntry): number {
  return entry.wideSizes || entry.offset >= MAX_32 ? VERSION_ZIP64 : VERSION_STORED;
}

/** Version, flags, method 0, time, CRC-32, sizes and name length: alike in both headers. */
function writeCommon(to: Buffer, at: number, entry: ZipEntry): void {
  const size = entry.wideSizes ? MAX_32 : entry.size;
  to.writeUInt16LE(versionNeeded(entry), at);
  to.writeUInt16LE(UTF8_NAME, at + 2);
  to.writeUInt32LE(dosDateTime(entry.modified), at + 6);
  to.writeUInt32LE(entry.crc32, at + 10);
  to.writeUInt32LE(size, at + 14);
  to.writeUInt32LE(size, at + 18);
  to.writeUInt16LE(entry.name.length, at + 22);
}

function writeZip64(to: Buffer, at: number, values: readonly number[]): number {
  if (values.length === 0) return at;
  to.writeUInt16LE(ZIP64_EXTRA, at);
  to.writeUInt16LE(values.length * 8, at + 2);
  values.forEach((value, index) => {
    to.writeBigUInt64LE(BigInt(value), at + 4 + index * 8);
  });
  return at + 4 + values.length * 8;
}

function writeTimestamp(to: Buffer, at: number, seconds: number): number {
  if (!fitsTimestamp(seconds)) return at;
  to.writeUInt16LE(TIMESTAMP_EXTRA, at);
  to.writeUInt16LE(5, at + 2);
  to.writeUInt8(1, at + 4);
  to.writeInt32LE(seconds, at + 5);
  return at + TIMESTAMP_EXTRA_LENGTH;
}

/** The header before a member's bytes (APPNOTE 4.3.7). */
export function localHeader(entry: ZipEntry): Buffer {
  const { name } = entry;
  const header = Buffer.alloc(localHeaderLength(name.length, entry));
  header.writeUInt32LE(0x0403_4b50, 0);
  writeCommon(header, 4, entry);
  header.writeUInt16LE(header.length - LOCAL_HEADER_LENGTH - name.length, 28);
  name.copy(header, LOCAL_HEADER_LENGTH);
  const sizes = entry.wideSizes ? [entry.size, entry.size] : [];
  const end = writeZip64(header, LOCAL_HEADER_LENGTH + name.length, sizes);
  writeTimestamp(header, end, entry.modified);
  return header;
}

/** A member's header in the central directory (APPNOTE 4.3.12). */
export function centralHeader(entry: ZipEntry): Buffer {
  const { name, offset } = entry;
  const header = Buffer.alloc(centralHeaderLength(name.length, entry));
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(MADE_BY, 4);
  writeCommon(header, 6, entry);
  header.writeUInt16LE(header.length - CENTRAL_HEADER_LENGTH - name.length, 30);
  header.writeUInt32LE(EXTERNAL_ATTRIBUTES, 38);
  header.writeUInt32LE(Math.min(offset, MAX_32), 42);
  name.copy(header, CENTRAL_HEADER_LENGTH);
  const sizes = entry.wideSizes ? [entry.size, entry.size] : [];
  const fields = offset >= MAX_32 ? [...sizes, offset] : sizes;
  const end = writeZip64(header, CENTRAL_HEADER_LENGTH + name.length, fields);
  writeTimestamp(header, end, entry.modified);
  return header;
}

/** Where the central directory lies. */
export interface ZipDirectory {
  readonly entries: number;
  readonly size: number;
  readonly offset: number;
}

function zip64End({ entries, size, offset }: ZipDirectory): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x0606_4b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(MADE_BY, 12);
  record.writeUInt16LE(VERSION_ZIP64, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x0706_4b50, 56);
  record.writeBigUInt64LE(BigInt(offset + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/**
 * The end of the archive (APPNOTE 4.3.14 to 4.3.16). The ZIP64 records stand there only where a field
 * overflows, since macOS before 10.15 opens no archive that has them.
 */
export function endOfDirectory(directory: ZipDirectory): Buffer {
  const { entries, size, offset } = directory;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(size, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  const overflows = entries >= MAX_16 || size >= MAX_32 || offset >= MAX_32;
  return overflows ? Buffer.concat([zip64End(directory), end]) : end;
}
