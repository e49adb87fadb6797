import fc from 'fast-check';
import { SECTOR } from '../sectors.ts';
import { chainBlock, chainLength, ENTRY_HEADER, entryExtents } from './allocation.ts';

const EXTENT = 2 ** 30 - SECTOR;
const CHAIN = 5_000;
const START = 70_000;

/** Follows a file's extents as a reader does. */
function follow(bytes: number) {
  const run = { bytes, block: START };
  const found: { bytes: number; block: number }[] = [];
  const chained: number[] = [];
  let listed: Buffer | undefined = entryExtents(run, CHAIN);
  expect(listed.length).toBeLessThanOrEqual(SECTOR - ENTRY_HEADER);
  while (listed !== undefined) {
    const fields: Buffer = listed;
    listed = undefined;
    for (let at = 0; at < fields.length; at += 8) {
      const length = fields.readUInt32LE(at);
      const block = fields.readUInt32LE(at + 4);
      if (length >>> 30 === 3) {
        expect(at + 8).toBe(fields.length);
        chained.push(block);
        const descriptor = chainBlock(run, CHAIN, block - CHAIN);
        expect(descriptor).toHaveLength(SECTOR);
        expect(descriptor.readUInt32LE(12)).toBe(block);
        listed = descriptor.subarray(24, 24 + descriptor.readUInt32LE(20));
      } else {
        found.push({ bytes: length, block });
      }
    }
  }
  return { found, chained };
}

describe('the extents of a file in UDF', () => {
  it('are all of it, one after the other, in as many blocks as were set aside', () => {
    const aroundFull = fc
      .tuple(fc.integer({ min: 232, max: 236 }), fc.integer({ min: -1, max: 1 }))
      .map(([extents, more]) => extents * EXTENT + more);
    const aroundChained = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 232, max: 236 }))
      .map(([blocks, extents]) => (blocks * 252 + extents) * EXTENT);
    const size = fc.oneof(fc.nat(10_000), fc.nat(8.7e12), aroundFull, aroundChained);
    fc.assert(
      fc.property(size, (bytes) => {
        const { found, chained } = follow(bytes);
        let covered = 0;
        for (const extent of found) {
          expect(extent.block).toBe(START + covered / SECTOR);
          covered += extent.bytes;
        }
        expect(covered).toBe(bytes);
        expect(chained).toEqual(
          Array.from({ length: chainLength(bytes) }, (_, index) => CHAIN + index),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [0, 0, 0],
    [1, 1, 0],
    [EXTENT, 1, 0],
    [EXTENT + 1, 2, 0],
    [234 * EXTENT, 234, 0],
    [234 * EXTENT + 1, 235, 1],
    [1.5e12, 1_397, 5],
  ])('of %d bytes are %d in an entry and %d further blocks', (bytes, extents, blocks) => {
    expect(follow(bytes).found).toHaveLength(extents);
    expect(chainLength(bytes)).toBe(blocks);
  });
});
