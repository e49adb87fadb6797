import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  archiveBytes,
  describedManifest,
  type TestFile,
  testManifest,
} from '../../test/support/archives.ts';
import { IsoTooLargeError } from './iso/errors.ts';
import { layoutIso } from './iso.ts';
import { ArchiveManifestError } from './manifest.ts';

const GIB = 2 ** 30;
const SECTOR = 2048;

const smallFiles: TestFile[] = [
  { name: 'interview.mp4', content: Buffer.from('first') },
  { name: 'фото/снимок.jpg', content: Buffer.alloc(70_000, 'photo') },
  { name: 'empty.log', content: Buffer.alloc(0) },
  { name: `${'ж'.repeat(120)}.bin`, content: Buffer.from('a long name') },
  { name: '証拠/😀.png', content: Buffer.from('x'), modifiedAt: '1970-01-01T00:00:00Z' },
];

function layoutOf(files: readonly TestFile[]) {
  return layoutIso(testManifest(files, { format: 'iso' }));
}

function hashOfLiterals(files: readonly TestFile[]): string {
  const hash = createHash('sha256');
  for (const segment of layoutOf(files).segments()) {
    if (segment.type === 'literal') hash.update(segment.bytes);
  }
  return hash.digest('hex');
}

function sectorsOf(files: readonly TestFile[], first: number, count = 1): Buffer {
  const start = first * SECTOR;
  return archiveBytes(layoutOf(files), files, start, start + count * SECTOR);
}

describe('an ISO image', () => {
  it('has the same bytes forever', () => {
    const bytes = archiveBytes(layoutOf(smallFiles), smallFiles);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '940155ce7c65fab2ee0d7c177684998849eb579651d7d6078fe20a0fc6c34328',
    );
  });

  it('of format version 2 has the same bytes forever', () => {
    const manifest = describedManifest(smallFiles, { format: 'iso' });
    const bytes = archiveBytes(layoutIso(manifest), smallFiles);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'd9d76232f10c8ee4337e47d3121cfcd81e8cdf3c7c9090c6978f56397bae8937',
    );
  });

  it('has the same bytes forever, also beyond 32 bits', () => {
    const files = [
      { name: 'disk.img', content: 5 * GIB },
      { name: 'server.e01', content: 1.5e12 },
      ...smallFiles,
    ];
    expect(hashOfLiterals(files)).toBe(
      'f9f054892eba7f3cef504c54a8acde2c11f24489faa8906a22cdda36608691a6',
    );
  });

  it('refuses an unsound manifest', () => {
    const manifest = testManifest(smallFiles);
    const files = manifest.files.map((file) => ({ ...file, path: '../x' }));
    expect(() => layoutIso({ ...manifest, files })).toThrow(ArchiveManifestError);
  });

  it('ends where 32 bits of sectors end', () => {
    const room = 2 ** 32 * SECTOR;
    expect(() => layoutOf([{ name: 'a', content: room }])).toThrow(IsoTooLargeError);
    const nearly = layoutOf([{ name: 'a', content: room - 2 ** 21 }]);
    expect(nearly.size).toBeLessThan(room);
  });

  it('has no more folders than its path tables can number', () => {
    const folders = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `${index}/x`, content: 0 }));
    // The root, the bag's folder and `data` are folders too.
    expect(() => layoutOf(folders(65_533))).toThrow(IsoTooLargeError);
    expect(layoutOf(folders(65_532)).size).toBeGreaterThan(0);
  });

  it('is full sectors, with data on a sector of its own for each file', () => {
    const layout = layoutOf(smallFiles);
    expect(layout.size % SECTOR).toBe(0);
    let position = 0;
    for (const segment of layout.segments()) {
      if (segment.type === 'object') expect(position % SECTOR).toBe(0);
      position += segment.type === 'object' ? segment.length : segment.bytes.length;
    }
  });

  it('is known by the descriptors at the sectors where readers look', () => {
    const text = (sector: number) => sectorsOf(smallFiles, sector).toString('latin1', 1, 6);
    expect([16, 17, 18, 19, 20, 21].map(text)).toEqual([
      'CD001',
      'CD001',
      'CD001',
      'BEA01',
      'NSR02',
      'TEA01',
    ]);
    const last = layoutOf(smallFiles).size / SECTOR - 1;
    for (const anchor of [256, last]) {
      const descriptor = sectorsOf(smallFiles, anchor);
      expect(descriptor.readUInt16LE(0)).toBe(2);
      expect(descriptor.readUInt32LE(12)).toBe(anchor);
    }
  });

  it('starts with zeros, which are left to what boots', () => {
    expect(sectorsOf(smallFiles, 0, 16).equals(Buffer.alloc(16 * SECTOR))).toBe(true);
  });
});

describe('ranges of an ISO image', () => {
  const component = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 });
  const file = fc.record({
    name: fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    content: fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes)),
  });

  it('of any partition make the same bytes, as many as the layout says', () => {
    fc.assert(
      fc.property(
        fc.array(file, { maxLength: 12 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
        (files, cuts) => {
          const layout = layoutOf(files);
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
      { numRuns: 40 },
    );
  });

  it('name the range of the object that they need', () => {
    const files = [{ name: 'large.bin', content: 5 * GIB }];
    const layout = layoutOf(files);
    const segments = [...layout.segments()];
    const at = segments.findIndex((segment) => segment.type === 'object');
    const before = segments
      .slice(0, at)
      .reduce((sum, segment) => sum + (segment.type === 'literal' ? segment.bytes.length : 0), 0);
    expect([...layout.segments(before + GIB, before + GIB + 10)]).toEqual([
      expect.objectContaining({ key: 'objects/0', versionId: 'v0', offset: GIB, length: 10 }),
    ]);
  });
});

describe('the cost of an ISO image', () => {
  it('of 100,000 files is some megabytes', () => {
    const files = Array.from({ length: 100_000 }, (_, index) => ({
      name: `${index % 500}/photo ${index}.jpg`,
      content: 4_000_000,
    }));
    const manifest = testManifest(files, { format: 'iso' });
    const layout = layoutIso(manifest);
    expect(layout.memory).toBeLessThan(150e6);
    for (let round = 0; round < 1_000; round += 1) {
      const offset = Math.floor((round / 1_000) * layout.size);
      expect([...layout.segments(offset, offset + 1)]).toHaveLength(1);
    }
  });
});
