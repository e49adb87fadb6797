/** Memory that sockets read into: large blocks, filled piece by piece, and used again when given back. */

/** Bytes that were read, valid until they are released. */
export interface Chunk {
  readonly bytes: Buffer;
  /** Gives the memory back; to be called once, when nobody looks at the bytes any more. */
  release(): void;
}

const BLOCK_BYTES = 256 * 1024;

/** A read gets at least this much room: what is left of a block below it is not used. */
const SMALLEST_ROOM = 64 * 1024;

/** Free blocks that are kept: 16 MiB. */
const FREE_BLOCKS = 64;

interface Block {
  readonly memory: Buffer;
  /** Chunks not released yet, and the filler while it fills. */
  holders: number;
}

/** Hands out room to read into and wraps what was read. */
export interface BlockFiller {
  /** Room for the next read. */
  room(): Buffer;
  /** Says that the last room's first bytes were read into. */
  filled(length: number): void;
  /** A part of what was read last. */
  chunk(bytes: Buffer): Chunk;
  /** Gives the block back that is being filled. */
  close(): void;
}

/** Makes fillers that share free blocks. */
export function createBlockPool(): () => BlockFiller {
  const free: Buffer[] = [];

  function letGo(block: Block): void {
    block.holders -= 1;
    if (block.holders === 0 && free.length < FREE_BLOCKS) free.push(block.memory);
  }

  return () => {
    let block: Block | undefined;
    let used = 0;
    return {
      room() {
        if (block !== undefined && block.holders === 1) used = 0;
        if (block === undefined || BLOCK_BYTES - used < SMALLEST_ROOM) {
          if (block !== undefined) letGo(block);
          block = { memory: free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES), holders: 1 };
          used = 0;
        }
        return block.memory.subarray(used);
      },
      filled(length) {
        used += length;
      },
      chunk(bytes) {
        const held = block;
        if (held === undefined) throw new Error('nothing was read');
        held.holders += 1;
        return { bytes, release: () => letGo(held) };
      },
      close() {
        if (block !== undefined) letGo(block);
        block = undefined;
      },
    };
  };
}
