/** Why stored bytes are not the ones that were verified. */
export type StoredFault = 'object-missing' | 'object-changed' | 'wrong-checksum';

/** An object in the store that is no longer what a manifest says of it. */
export interface StoredDamage {
  readonly key: string;
  readonly fault: StoredFault;
}
