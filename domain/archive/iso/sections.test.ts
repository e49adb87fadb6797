import fc from 'fast-check';
import { sectionAt, sectionCount } from './sections.ts';
import { SECTOR } from './sectors.ts';

describe('the sections of a file', () => {
  it('are all of it, one after the other, and only the last may not fill its sectors', () => {
    const size = fc.oneof(fc.nat(10_000), fc.integer({ min: 2 ** 32 - 4096, max: 9e12 }));
    fc.assert(
      fc.property(size, (bytes) => {
        const count = sectionCount(bytes);
        let covered = 0;
        for (let index = 0; index < count; index += 1) {
          const section = sectionAt(bytes, index);
          expect(section.offset * SECTOR).toBe(covered);
          expect(section.bytes).toBeLessThan(2 ** 32);
          expect(section.isLast).toBe(index === count - 1);
          if (!section.isLast) expect(section.bytes % SECTOR).toBe(0);
          covered += section.bytes;
        }
        expect(covered).toBe(bytes);
      }),
    );
  });

  it.each([
    [0, 1],
    [2 ** 32 - 1, 1],
    [2 ** 32, 2],
    [1.5e12, 350],
  ])('of %d bytes are %d', (bytes, count) => {
    expect(sectionCount(bytes)).toBe(count);
  });
});
