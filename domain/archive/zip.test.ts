import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  archiveBytes,
  describedManifest,
  type TestFile,
  testManifest,
} from '../../test/support/archives.ts';
import { ArchiveManifestError } from './manifest.ts';
import { layoutZip } from './zip.ts';

const GIB = 2 ** 30;
const MARK = 0xffff_ffff;

const smallFiles: TestFile[] = [
  { name: 'interview.mp4', content: Buffer.from('first') },
  { name: 'фото/снимок.jpg', content: Buffer.alloc(70_000, 'photo') },
  { name: 'empty.log', content: Buffer.alloc(0) },
  { name: '証拠/😀.png', content: Buffer.from('x'), modifiedAt: '1970-01-01T00:00:00Z' },
];

/** Local and central header of a member, found by its name in the literal bytes. */
function headers(files: readonly TestFile[], name: string) {
  const layout = layoutZip(testManifest(files));
  const literals = [...layout.segments()].flatMap((segment) =>
    segment.type === 'literal' ? [segment.bytes] : [],
  );
  const all = Buffer.concat(literals);
  const nameAt = (start: number) => all.indexOf(`/data/${name}`, start) - '2026-00417'.length;
  const localAt = all.indexOf('PK\u0003\u0004', nameAt(0) - 30, 'latin1');
  const centralAt = nameAt(localAt + 60) - 46;
  const extra = (at: number, length: number) => all.subarray(at, at + length);
  const local = all.subarray(localAt);
  const central = all.subarray(centralAt);
  return {
    local,
    central,
    localExtra: extra(localAt + 30 + local.readUInt16LE(26), local.readUInt16LE(28)),
    centralExtra: extra(centralAt + 46 + central.readUInt16LE(28), central.readUInt16LE(30)),
  };
}

/** The fields of a ZIP64 extra, or undefined where there is none. */
function zip64(extra: Buffer): number[] | undefined {
  if (extra.length < 4 || extra.readUInt16LE(0) !== 1) return undefined;
  const count = extra.readUInt16LE(2) / 8;
  return Array.from({ length: count }, (_, index) => Number(extra.readBigUInt64LE(4 + index * 8)));
}

function hasZip64End(files: readonly TestFile[]): boolean {
  const layout = layoutZip(testManifest(files));
  const tail = archiveBytes(layout, files, layout.size - 98, layout.size);
  return tail.readUInt32LE(0) === 0x0606_4b50 && tail.readUInt32LE(56) === 0x0706_4b50;
}

describe('a ZIP archive', () => {
  it('has the same bytes forever', () => {
    const bytes = archiveBytes(layoutZip(testManifest(smallFiles)), smallFiles);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'f065d56180ad84bc21cd5c90d7c5f84d7fea3fd534c8d5245bcc74bf4e975174',
    );
  });

  it('of format version 2 has the same bytes forever', () => {
    const bytes = archiveBytes(layoutZip(describedManifest(smallFiles)), smallFiles);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '7a51e23bc4ee376e398677e95d18735211549d24450f19dd5027ae6e45117d75',
    );
  });

  it('has the same bytes forever, also beyond 32 bits', () => {
    const files: TestFile[] = [
      { name: 'disk.img', content: 5 * GIB },
      { name: 'fat32.bin', content: MARK },
      ...smallFiles,
    ];
    const hash = createHash('sha256');
    for (const segment of layoutZip(testManifest(files)).segments()) {
      if (segment.type === 'literal') hash.update(segment.bytes);
    }
    expect(hash.digest('hex')).toBe(
      'ddb0271efaa76f74f8c845ce91cd4d4b427ec415f87f42193bdb34cc11577128',
    );
  });

  it('holds no clock: made again later it is the same', () => {
    const first = archiveBytes(layoutZip(testManifest(smallFiles)), smallFiles);
    const second = archiveBytes(layoutZip(testManifest(smallFiles)), smallFiles);
    expect(first.equals(second)).toBe(true);
  });

  it('refuses an unsound manifest', () => {
    const manifest = testManifest(smallFiles);
    const files = manifest.files.map((file) => ({ ...file, path: '../x' }));
    expect(() => layoutZip({ ...manifest, files })).toThrow(ArchiveManifestError);
  });
});

describe('a member of a ZIP archive', () => {
  it('is stored, named in UTF-8, with size and CRC-32 in both headers and no descriptor', () => {
    const { local, central } = headers(smallFiles, 'interview.mp4');
    expect(local.readUInt16LE(4)).toBe(20);
    expect(local.readUInt16LE(6)).toBe(0x0800);
    expect(local.readUInt16LE(8)).toBe(0);
    expect(local.readUInt32LE(14)).toBe(0x9271ee57);
    expect([local.readUInt32LE(18), local.readUInt32LE(22)]).toEqual([5, 5]);
    expect(central.readUInt16LE(4)).toBe((3 << 8) | 45);
    expect(central.subarray(6, 28).equals(local.subarray(4, 26))).toBe(true);
    expect(central.readUInt32LE(38)).toBe(0o100644 * 2 ** 16);
  });

  it('has its time in UTC, in DOS steps and as a Unix timestamp', () => {
    const { local, localExtra, centralExtra } = headers(smallFiles, 'interview.mp4');
    expect(local.readUInt16LE(10)).toBe((23 << 11) | (59 << 5) | 29);
    expect(local.readUInt16LE(12)).toBe(((2025 - 1980) << 9) | (11 << 5) | 2);
    const timestamp = Buffer.from('5554050001', 'hex');
    expect(localExtra.subarray(0, 5).equals(timestamp)).toBe(true);
    expect(localExtra.readInt32LE(5)).toBe(Date.UTC(2025, 10, 2, 23, 59, 59) / 1000);
    expect(centralExtra.equals(localExtra)).toBe(true);
  });

  it.each([
    ['1901-01-01T00:00:00Z', (1 << 5) | 1, 0],
    ['1969-12-31T23:59:59Z', (1 << 5) | 1, 9],
    ['2038-01-19T03:14:08Z', (58 << 9) | (1 << 5) | 19, 0],
    ['2150-06-01T00:00:00Z', (127 << 9) | (12 << 5) | 31, 0],
  ])('of %s has a time within what the fields hold', (modifiedAt, date, extraLength) => {
    const file = { name: 'old.bin', content: Buffer.from('x'), modifiedAt };
    const { local, localExtra } = headers([file], 'old.bin');
    expect(local.readUInt16LE(12)).toBe(date);
    expect(localExtra).toHaveLength(extraLength);
  });

  it.each([
    [MARK - 1, undefined],
    [MARK, [MARK, MARK]],
    [MARK + 1, [MARK + 1, MARK + 1]],
    [1.5e12, [1.5e12, 1.5e12]],
  ])('of %d bytes has ZIP64 sizes exactly where 32 bits end', (size, sizes) => {
    const { local, localExtra, centralExtra } = headers(
      [{ name: 'a.bin', content: size }],
      'a.bin',
    );
    expect(zip64(localExtra)).toEqual(sizes);
    expect(zip64(centralExtra)).toEqual(sizes);
    expect(local.readUInt32LE(18)).toBe(Math.min(size, MARK));
    expect(local.readUInt16LE(4)).toBe(sizes === undefined ? 20 : 45);
  });

  it('beyond 4 GiB has its offset in the central header alone', () => {
    const files = [
      { name: 'first.bin', content: 5 * GIB },
      { name: 'second.bin', content: 1 },
    ];
    const { central, localExtra, centralExtra } = headers(files, 'second.bin');
    expect(zip64(localExtra)).toBeUndefined();
    const [offset = 0, ...others] = zip64(centralExtra) ?? [];
    expect(offset).toBeGreaterThan(5 * GIB);
    expect(others).toEqual([]);
    expect(central.readUInt32LE(24)).toBe(1);
    expect(central.readUInt32LE(42)).toBe(MARK);
  });

  it('after one of exactly 4,294,967,295 bytes has all fields in ZIP64, the one after that not', () => {
    const files = [
      { name: 'fat32.bin', content: MARK },
      { name: 'next.bin', content: 7 },
      { name: 'third.bin', content: 8 },
    ];
    const next = headers(files, 'next.bin');
    expect(zip64(next.localExtra)).toEqual([7, 7]);
    expect(zip64(next.centralExtra)).toEqual([7, 7, expect.any(Number)]);
    expect(next.central.readUInt32LE(24)).toBe(MARK);
    const third = headers(files, 'third.bin');
    expect(zip64(third.localExtra)).toBeUndefined();
    expect(zip64(third.centralExtra)).toHaveLength(1);
  });
});

describe('the end of a ZIP archive', () => {
  const many = (count: number): TestFile[] =>
    Array.from({ length: count }, (_, index) => ({ name: `${index}`, content: 0 }));

  it('has ZIP64 records only where a field overflows', () => {
    // Five tag files stand in the archive too.
    expect(hasZip64End(many(65_534 - 5))).toBe(false);
    expect(hasZip64End(many(65_535 - 5))).toBe(true);
    expect(hasZip64End([{ name: 'a', content: MARK - 100_000 }])).toBe(false);
    expect(hasZip64End([{ name: 'a', content: MARK }])).toBe(true);
  });
});

describe('ranges of a ZIP archive', () => {
  const file = fc.record({
    name: fc.string({ maxLength: 30 }),
    content: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  });

  it('of any partition make the same bytes, as many as the layout says', () => {
    fc.assert(
      fc.property(
        fc.array(file, { maxLength: 12 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
        (files, cuts) => {
          const layout = layoutZip(testManifest(files));
          const whole = archiveBytes(layout, files);
          expect(whole.length).toBe(layout.size);
          const ends = cuts.map((cut) => Math.floor(cut * layout.size)).sort((a, b) => a - b);
          const bounds = [0, ...ends, layout.size];
          const parts = bounds
            .slice(1)
            .map((end, index) => archiveBytes(layout, files, bounds[index] ?? 0, end));
          expect(Buffer.concat(parts).equals(whole)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('name the range of the object that they need', () => {
    const files = [{ name: 'large.bin', content: 5 * GIB }];
    const layout = layoutZip(testManifest(files));
    const whole = [...layout.segments()].find((segment) => segment.type === 'object');
    expect(whole).toMatchObject({ offset: 0, length: 5 * GIB, key: 'objects/0', versionId: 'v0' });
    const before = layout.segments().next().value;
    const start = before?.type === 'literal' ? before.bytes.length : 0;
    expect([...layout.segments(start + 100, start + 350)]).toEqual([
      { ...whole, offset: 100, length: 250 },
    ]);
  });

  it('are empty where nothing is asked for and refused outside', () => {
    const layout = layoutZip(testManifest([]));
    expect([...layout.segments(5, 5)]).toEqual([]);
    expect(() => layout.segments(0, layout.size + 1)).toThrow(RangeError);
    expect(() => layout.segments(-1, 1)).toThrow(RangeError);
    expect(() => layout.segments(2, 1)).toThrow(RangeError);
  });
});

describe('the layout of 100,000 files', () => {
  it('takes less than 200 MB', () => {
    const manifest = testManifest(
      Array.from({ length: 100_000 }, (_, index) => ({
        name: `camera ${index % 97}/clip ${index}.mp4`,
        content: 10 ** 6 + index,
      })),
    );
    const before = process.memoryUsage();
    const layout = layoutZip(manifest);
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(grown).toBeLessThan(200e6);
    expect(layout.memory).toBeLessThan(200e6);
    expect([...layout.segments(layout.size - 10)]).toHaveLength(1);
  });
});
