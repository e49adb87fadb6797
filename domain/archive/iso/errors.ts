/** More than one ISO image can number: 32-bit sectors (8 TiB), or 16-bit folders. */
export class IsoTooLargeError extends Error {
  constructor(fault: string) {
    super(`ISO image: ${fault}`);
    this.name = 'IsoTooLargeError';
  }
}
