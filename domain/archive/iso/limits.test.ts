import fc from 'fast-check';
import { type TestFile, testManifest } from '../../../test/support/archives.ts';
import { layoutIso } from '../iso.ts';
import { countFolders, fitsIso, sectorsAtMost } from './limits.ts';
import { SECTOR } from './sectors.ts';

const TIB = 2 ** 40;

const size = fc.oneof(
  fc.nat(5_000),
  fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 38),
  fc.integer({ min: 0, max: 1.5e12 }),
);
const file: fc.Arbitrary<TestFile> = fc.record({
  name: fc
    .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 130 }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join('/')),
  content: size,
});

function manifestOf(files: readonly TestFile[]) {
  return testManifest(files, { format: 'iso' });
}

describe('the bound that is known before an image is laid out', () => {
  it('is never less than what the image takes', () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 80 }), (files) => {
        const manifest = manifestOf(files);
        const folders = countFolders(manifest.files);
        const sectors = layoutIso(manifest).size / SECTOR;
        expect(sectorsAtMost(manifest.files, folders)).toBeGreaterThanOrEqual(sectors);
      }),
      { numRuns: 100 },
    );
  });

  it('is not less either for many files with the longest names, in one folder or each in its own', () => {
    const inOne = Array.from({ length: 3_000 }, (_, index) => ({
      name: `${'漢'.repeat(80)}${index}.bin`,
      content: 1,
    }));
    const inOwn = inOne.map(({ name, content }, index) => ({ name: `${index}/${name}`, content }));
    for (const files of [inOne, inOwn]) {
      const manifest = manifestOf(files);
      const bound = sectorsAtMost(manifest.files, countFolders(manifest.files));
      expect(bound).toBeGreaterThanOrEqual(layoutIso(manifest).size / SECTOR);
    }
  });

  it('refuses what is beyond 8 TiB and hardly anything below', () => {
    expect(fitsIso([{ path: 'disk.img', size: 8 * TIB }])).toBe(false);
    expect(fitsIso([{ path: 'disk.img', size: 8 * TIB - 2 ** 24 }])).toBe(true);
    const parts = Array.from({ length: 9 }, (_, index) => ({ path: `${index}`, size: TIB }));
    expect(fitsIso(parts)).toBe(false);
  });

  it("refuses more than 65,535 folders, of which three are the image's own", () => {
    const nested = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ path: `a/${index}/x`, size: 0 }));
    expect(countFolders(nested(5))).toBe(3 + 1 + 5);
    expect(fitsIso(nested(65_531))).toBe(true);
    expect(fitsIso(nested(65_532))).toBe(false);
  });
});
