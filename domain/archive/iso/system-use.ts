/** What a tree's directory records say beside ISO 9660, and where they go on. */

/** A folder's records of itself and of the one above come first in it. */
export type Role = 'self' | 'parent' | 'child';

/** Sectors are counted from the start of all folders of the tree. */
export interface SystemUse {
  /** Bytes in a record. */
  length(node: number, role: Role): number;
  /** @param start the absolute sector at which the tree's folders start */
  bytes(node: number, role: Role, start: number): Buffer;
  /**
   * Places what the records of a folder have no room for, from a sector on.
   * @returns how many sectors it takes
   */
  continue(folder: number, children: Uint32Array, sector: number): number;
  /** A sector that `continue` took. */
  continuation(sector: number): Buffer;
}

/** A tree without any. */
export const NO_SYSTEM_USE: SystemUse = {
  length: () => 0,
  bytes: () => NOTHING,
  continue: () => 0,
  continuation: () => NOTHING,
};
const NOTHING = Buffer.alloc(0);
