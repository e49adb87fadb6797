/** The tag with which every UDF descriptor begins (ECMA-167 part 3, 7.2). */

const TAG_BYTES = 16;

/** ECMA-167 second edition, on which UDF 1.02 stands. */
const DESCRIPTOR_VERSION = 2;

/** CRC-16 with polynomial 0x1021, most significant bit first, from zero (ECMA-167 part 3, 7.2.6). */
const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (CRC_TABLE[(crc >>> 8) ^ byte] ?? 0);
  return crc;
}

export type TagIdentifier =
  | 'primary-volume'
  | 'anchor'
  | 'implementation-use'
  | 'partition'
  | 'logical-volume'
  | 'unallocated-space'
  | 'terminating'
  | 'integrity'
  | 'file-set'
  | 'file-identifier'
  | 'allocation-extent'
  | 'file-entry';

const IDENTIFIERS: Readonly<Record<TagIdentifier, number>> = {
  'primary-volume': 1,
  anchor: 2,
  'implementation-use': 4,
  partition: 5,
  'logical-volume': 6,
  'unallocated-space': 7,
  terminating: 8,
  integrity: 9,
  'file-set': 256,
  'file-identifier': 257,
  'allocation-extent': 258,
  'file-entry': 261,
};

/**
 * Writes the tag of a descriptor that is complete otherwise; its CRC covers all of it.
 * @param location its block: of the volume, or of the partition for what stands in one
 */
export function seal(descriptor: Buffer, identifier: TagIdentifier, location: number): Buffer {
  descriptor.writeUInt16LE(IDENTIFIERS[identifier], 0);
  descriptor.writeUInt16LE(DESCRIPTOR_VERSION, 2);
  descriptor.writeUInt16LE(crc16(descriptor.subarray(TAG_BYTES)), 8);
  descriptor.writeUInt16LE(descriptor.length - TAG_BYTES, 10);
  descriptor.writeUInt32LE(location, 12);
  let sum = 0;
  for (const byte of descriptor.subarray(0, TAG_BYTES)) sum += byte;
  descriptor[4] = sum & 0xff;
  return descriptor;
}
