/** Fields that many UDF descriptors share: texts, entities, times and addresses. */

/** UDF 1.02, in binary-coded decimals. */
export const REVISION = 0x0102;

const LATIN_1 = 8;
const UTF_16 = 16;

function isLatin1(text: string): boolean {
  return /^[\0-\xff]*$/.test(text);
}

/** Bytes of a text in OSTA Compressed Unicode. */
export function compressedLength(text: string): number {
  return 1 + (isLatin1(text) ? text.length : text.length * 2);
}

/** OSTA Compressed Unicode (UDF 1.02 section 2.1.1): one byte a character where all of them fit. */
export function compressedUnicode(text: string): Buffer {
  return isLatin1(text)
    ? Buffer.concat([Buffer.from([LATIN_1]), Buffer.from(text, 'latin1')])
    : Buffer.concat([Buffer.from([UTF_16]), Buffer.from(text, 'utf16le').swap16()]);
}

/** A text in a field of fixed length, whose last byte says how much of it is used (ECMA-167 1/7.2.12). */
export function dstring(text: string, length: number): Buffer {
  const field = Buffer.alloc(length);
  if (text === '') return field;
  const room = isLatin1(text) ? length - 2 : Math.floor((length - 2) / 2);
  const start = text.slice(0, room);
  const fitting = compressedUnicode(start.isWellFormed() ? start : start.slice(0, -1));
  fitting.copy(field);
  field[length - 1] = fitting.length;
  return field;
}

/** The character set of all texts (UDF 1.02 section 2.1.2). */
export const CHARACTER_SET = Buffer.concat([
  Buffer.from('\0OSTA Compressed Unicode', 'latin1'),
  Buffer.alloc(40),
]);

/** An entity identifier (ECMA-167 1/7.4). */
export function entity(identifier: string, suffix: Buffer = Buffer.alloc(8)): Buffer {
  const field = Buffer.alloc(32);
  field.write(identifier, 1, 'latin1');
  suffix.copy(field, 24);
  return field;
}

/** The revision of UDF in the suffix of an entity (UDF 1.02 section 2.1.4.3). */
export function revisionSuffix(): Buffer {
  const suffix = Buffer.alloc(8);
  suffix.writeUInt16LE(REVISION);
  return suffix;
}

export const IMPLEMENTATION = entity('*Casebridge');
export const DOMAIN = entity('*OSTA UDF Compliant', revisionSuffix());

const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** A time in UTC (ECMA-167 1/7.3). */
export function timestamp(milliseconds: number): Buffer {
  const date = new Date(Math.min(Math.max(milliseconds, EARLIEST), LATEST));
  const field = Buffer.alloc(12);
  // Local time, type 1, zero minutes from UTC: type 0 is read as local by some.
  field.writeUInt16LE(0x1000, 0);
  field.writeInt16LE(date.getUTCFullYear(), 2);
  field[4] = date.getUTCMonth() + 1;
  field[5] = date.getUTCDate();
  field[6] = date.getUTCHours();
  field[7] = date.getUTCMinutes();
  field[8] = date.getUTCSeconds();
  const fraction = date.getUTCMilliseconds();
  field[9] = Math.floor(fraction / 10);
  field[10] = (fraction % 10) * 10;
  return field;
}

/** An extent of the volume: bytes and first sector (ECMA-167 3/7.1). */
export function extent(bytes: number, sector: number): Buffer {
  const field = Buffer.alloc(8);
  field.writeUInt32LE(bytes, 0);
  field.writeUInt32LE(sector, 4);
  return field;
}

/** An extent of the one partition with its number (ECMA-167 4/14.14.2). */
export function longExtent(bytes: number, block: number): Buffer {
  const field = Buffer.alloc(16);
  field.writeUInt32LE(bytes, 0);
  field.writeUInt32LE(block, 4);
  return field;
}
