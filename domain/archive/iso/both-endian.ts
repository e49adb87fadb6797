/** Numbers in both byte orders (ECMA-119 sections 7.2.3 and 7.3.3). */

export function both16(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt16LE(value, offset);
  bytes.writeUInt16BE(value, offset + 2);
}

export function both32(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32LE(value, offset);
  bytes.writeUInt32BE(value, offset + 4);
}
