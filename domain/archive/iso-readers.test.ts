/** Programs that read ISO images must accept ours; those that are not installed are skipped. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { complaints, exists, LAST_FILE, run, SCRIPTS } from '../../test/support/archive-readers.ts';
import {
  describedManifest,
  sparseFolder,
  type TestFile,
  writeSparseArchive,
} from '../../test/support/archives.ts';
import { bagTagFiles } from './bag.ts';
import { layoutIso } from './iso.ts';

const GIB = 2 ** 30;
const BAG = '2026-00417';
const LAST_MEMBER = `${BAG}/data/${LAST_FILE.name}`;

const folder = sparseFolder('iso');
afterAll(() => rmSync(folder, { recursive: true }));

/** One tree of an image as one program reads it. */
interface Reader {
  readonly name: string;
  readonly command: string;
  /** Files with path and size. */
  list(image: string): ReadonlyMap<string, number>;
  /** Whether it shows a name as it is; where not given it shows all. */
  readonly shows?: (name: string) => boolean;
  /** Prints the last file. */
  readonly printLast?: (image: string) => readonly string[];
  /** Takes all files out. */
  readonly extract?: (image: string, into: string) => readonly string[];
}

/** Sizes by path, from lines such as those of `ls -l`; what stands in several lines is added up. */
function sizesOf(text: string, pattern: RegExp, prefix = ''): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, size, path] = pattern.exec(line) ?? [];
    if (size === undefined || path === undefined) continue;
    sizes.set(prefix + path, (sizes.get(prefix + path) ?? 0) + Number(size));
  }
  return sizes;
}

function listBy7z(image: string, type: string): Map<string, number> {
  const blocks = run('7z', ['l', '-slt', type, image]).split(/\r?\n\r?\n/);
  return new Map(
    blocks.flatMap((block): [string, number][] => {
      const path = /^Path = (.*)$/m.exec(block)?.[1];
      const size = /^Size = (\d+)$/m.exec(block)?.[1];
      return path === undefined || size === undefined ? [] : [[path, Number(size)]];
    }),
  );
}

/** Of a file of 4 GiB and more `isoinfo` shows each section. */
function listByIsoinfo(image: string, tree: string): Map<string, number> {
  const listings = run('isoinfo', [tree, '-l', '-i', image]).split('\nDirectory listing of /');
  return new Map(
    listings.flatMap((listing) => {
      const [place = ''] = listing.split('\n');
      return [...sizesOf(listing, /^-\S+(?: +\d+){3} +(\d+) .{11} \[ *\d+ \S+ +(.*) $/, place)];
    }),
  );
}

const fitsJoliet = (name: string) => name.length <= 64 && !name.includes(';');

const readers: readonly Reader[] = [
  {
    name: '7z as UDF',
    command: '7z',
    list: (image) => listBy7z(image, '-tudf'),
    printLast: (image) => ['x', '-so', '-tudf', image, LAST_MEMBER],
    extract: (image, into) => ['x', '-tudf', `-o${into}`, image],
  },
  {
    name: '7z as ISO 9660, by Joliet',
    command: '7z',
    list: (image) => listBy7z(image, '-tiso'),
    shows: fitsJoliet,
    printLast: (image) => ['x', '-so', '-tiso', image, LAST_MEMBER],
  },
  {
    name: 'bsdtar',
    command: 'bsdtar',
    list: (image) =>
      sizesOf(run('bsdtar', ['-tvf', image]), /^-\S+ +\d+ +\S+ +\S+ +(\d+) \w+ +\d+ +\S+ (.*)$/),
    printLast: (image) => ['-xOf', image, LAST_MEMBER],
    extract: (image, into) => ['-xf', image, '-C', into],
  },
  {
    name: 'isoinfo by Rock Ridge',
    command: 'isoinfo',
    list: (image) => listByIsoinfo(image, '-R'),
    printLast: (image) => ['-R', '-i', image, '-x', `/${LAST_MEMBER}`],
  },
  {
    name: 'isoinfo by Joliet',
    command: 'isoinfo',
    list: (image) => listByIsoinfo(image, '-J'),
    shows: (name) => fitsJoliet(name) && /^[ -~]*$/.test(name),
    printLast: (image) => ['-J', '-i', image, '-x', `/${LAST_MEMBER}`],
  },
  {
    name: 'xorriso',
    command: 'xorriso',
    list: (image) =>
      sizesOf(
        run('xorriso', ['-indev', `stdio:${image}`, '-find', '/', '-type', 'f', '-exec', 'lsdl']),
        /^-\S+(?: +\d+){3} +(\d+) \w+ +\d+ +\S+ '\/(.*)'$/,
      ),
    extract: (image, into) => ['-osirrox', 'on', '-indev', `stdio:${image}`, '-extract', '/', into],
  },
];

interface Case {
  readonly what: string;
  readonly files: readonly TestFile[];
  /** Programs that take all files out; of terabytes of zeros they only list and read the last. */
  readonly extractedBy: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: 'names in six scripts, of 255 bytes, colliding, in deep folders, and an empty file',
    files: [
      { name: '漢'.repeat(85), content: Buffer.from('255 bytes') },
      { name: `${'x'.repeat(123)}.bin`, content: Buffer.from('127 characters') },
      { name: `${'x'.repeat(123)}.BIN`, content: Buffer.from('127 characters again') },
      { name: 'Same.TXT', content: Buffer.from('one') },
      { name: 'same.txt', content: Buffer.from('two') },
      { name: 'same?.txt', content: Buffer.from('three') },
      { name: 'half;1', content: Buffer.from('a semicolon') },
      {
        name: `${Array.from('abcdefghijklmnopqrstuvwxyz').join('/')}/x`,
        content: Buffer.from('x'),
      },
      ...SCRIPTS,
    ],
    extractedBy: ['7z as UDF', 'bsdtar', 'xorriso'],
  },
  {
    what: '20,000 files',
    files: [
      ...Array.from({ length: 20_000 }, (_, index) => ({
        name: `${index % 100}/photo number ${index}.jpg`,
        content: Buffer.from(`photo ${index}`),
      })),
      LAST_FILE,
    ],
    extractedBy: ['bsdtar'],
  },
  {
    what: 'a file of 5 GiB',
    files: [{ name: 'disk.img', content: 5 * GIB }, ...SCRIPTS],
    extractedBy: [],
  },
  {
    what: 'files around 4 GiB',
    files: [
      { name: 'a sector less.bin', content: 4 * GIB - 2048 },
      { name: 'a byte less.bin', content: 4 * GIB - 1 },
      { name: 'exactly.bin', content: 4 * GIB },
      ...SCRIPTS,
    ],
    extractedBy: [],
  },
  {
    what: 'a file of 1.5 TB',
    files: [{ name: 'server.e01', content: 1.5e12 }, ...SCRIPTS],
    extractedBy: [],
  },
];

/** Extracted files with their hashes. */
function hashesIn(extracted: string): Map<string, string> {
  const entries = readdirSync(extracted, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry): [string, string] => {
        const path = join(entry.parentPath, entry.name);
        const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
        return [relative(extracted, path), hash];
      }),
  );
}

describe.each(cases)('an ISO image with $what', ({ files, extractedBy }) => {
  const image = join(folder, 'image.iso');
  const manifest = describedManifest(files, { format: 'iso' });
  const tags = bagTagFiles(manifest);
  beforeAll(() => writeSparseArchive(layoutIso(manifest), files, image));
  afterAll(() => rmSync(image));

  const expected = new Map<string, { size: number; sha256: string }>();
  for (const tag of tags) expected.set(`${BAG}/${tag.path}`, tag);
  for (const file of manifest.files) expected.set(`${BAG}/data/${file.path}`, file);

  for (const { name, command, list, shows = () => true, printLast, extract } of readers) {
    const check = exists(command) ? it : it.skip;
    check(`is listed by ${name}`, () => {
      const listed = list(image);
      expect(listed.size).toBe(expected.size);
      const wrong = [...expected].filter(
        ([path, { size }]) => path.split('/').every(shows) && listed.get(path) !== size,
      );
      expect(wrong).toEqual([]);
    });
    if (printLast !== undefined) {
      check(`gives its last file to ${name}`, () => {
        expect(run(command, printLast(image)).trim()).toBe('the last member');
      });
    }
    if (extract !== undefined && extractedBy.includes(name)) {
      check(`is taken out whole by ${name}`, () => {
        const into = mkdtempSync(join(folder, 'out-'));
        run(command, extract(image, into));
        const hashes = new Map([...expected].map(([path, { sha256 }]) => [path, sha256]));
        expect(hashesIn(into)).toEqual(hashes);
        rmSync(into, { recursive: true });
      });
    }
  }

  const checkUdf = exists('udfinfo') ? it : it.skip;
  checkUdf('is closed UDF 1.02 without a fault to udfinfo', () => {
    expect(complaints('udfinfo', [image])).toBe('');
    const facts = run('udfinfo', [image]).split('\n');
    const wanted = [`label=${BAG}`, 'udfrev=1.02', 'integrity=closed', 'accesstype=readonly'];
    expect(facts).toEqual(expect.arrayContaining([...wanted, `numfiles=${expected.size}`]));
  });

  const checkBlkid = exists('blkid') ? it : it.skip;
  checkBlkid('is UDF to the probe of Linux', () => {
    expect(run('blkid', ['-p', image])).toContain('TYPE="udf"');
  });
});

describe('a file of several pieces in an ISO image', () => {
  const image = join(folder, 'marked.iso');
  const files = [
    { name: 'sections.img', content: 4 * GIB + 2 ** 20 },
    { name: 'extents.img', content: GIB + 2 ** 20 },
  ];
  const MARK = 'the end of it';
  beforeAll(() => {
    const layout = layoutIso(describedManifest(files, { format: 'iso' }));
    writeSparseArchive(layout, files, image);
    const handle = openSync(image, 'r+');
    let end = 0;
    for (const segment of layout.segments()) {
      end += segment.type === 'object' ? segment.length : segment.bytes.length;
      if (segment.type === 'object') writeSync(handle, MARK, end - MARK.length);
    }
    closeSync(handle);
  });
  afterAll(() => rmSync(image));

  const pathOf = (pieces: string) => `${BAG}/data/${pieces}.img`;

  const checkSections = exists('bsdtar') ? it : it.skip;
  checkSections('is read to its last byte by bsdtar through its sections', () => {
    const into = mkdtempSync(join(folder, 'out-'));
    // Taken out with holes where there are zeros: the disk gets nothing but the mark.
    run('bsdtar', ['-xSf', image, '-C', into, pathOf('sections')]);
    const taken = join(into, pathOf('sections'));
    expect(run('tail', ['-c', String(MARK.length), taken])).toBe(MARK);
    expect(statSync(taken).size).toBe(files[0]?.content);
    rmSync(into, { recursive: true });
  });

  const checkExtents = exists('7z') ? it : it.skip;
  checkExtents('is read to its last byte by 7z through its extents', () => {
    const script = `7z x -so -tudf "$1" "$2" | tail -c ${MARK.length}`;
    expect(run('sh', ['-c', script, 'sh', image, pathOf('extents')])).toBe(MARK);
  });
});
