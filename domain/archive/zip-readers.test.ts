/** Programs that people open archives with must accept ours; those that are not installed are skipped. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAST_FILE, run, runs, SCRIPTS } from '../../test/support/archive-readers.ts';
import {
  describedManifest,
  sparseFolder,
  type TestFile,
  writeSparseArchive,
} from '../../test/support/archives.ts';
import { layoutZip } from './zip.ts';

const GIB = 2 ** 30;
const PYTHON_LIST =
  'import sys, zipfile\nfor name in zipfile.ZipFile(sys.argv[1]).namelist(): print(name)';
const PYTHON_TEST =
  'import sys, zipfile\nbad = zipfile.ZipFile(sys.argv[1]).testzip()\nif bad: sys.exit(bad)';
const PYTHON_LAST =
  'import sys, zipfile\nfile = zipfile.ZipFile(sys.argv[1])\nprint(file.read(file.namelist()[-1]).decode())';
const YAUZL = 'test/support/yauzl.ts';
const folder = sparseFolder('readers');
afterAll(() => rmSync(folder, { recursive: true }));

type ReaderParameters = (archive: string) => readonly string[];

/** How a reader lists an archive, reads every byte of it, and prints its last member. */
interface Reader {
  readonly name: string;
  /** The program, where it is not the name. */
  readonly command?: string;
  readonly version: string;
  readonly list: ReaderParameters;
  readonly test?: ReaderParameters;
  readonly printLast?: ReaderParameters;
}

const LAST_MEMBER = `2026-00417/data/${LAST_FILE.name}`;

const readers: readonly Reader[] = [
  {
    name: 'unzip',
    version: '-v',
    list: (archive) => ['-Z1', archive],
    test: (archive) => ['-tqq', archive],
    printLast: (archive) => ['-p', archive, LAST_MEMBER],
  },
  {
    name: 'python3',
    version: '--version',
    list: (archive) => ['-c', PYTHON_LIST, archive],
    test: (archive) => ['-c', PYTHON_TEST, archive],
    printLast: (archive) => ['-c', PYTHON_LAST, archive],
  },
  { name: 'jar', version: '--version', list: (archive) => ['--list', '--file', archive] },
  {
    name: '7z',
    version: 'i',
    list: (archive) => ['l', '-slt', archive],
    test: (archive) => ['t', archive],
    printLast: (archive) => ['x', '-so', archive, LAST_MEMBER],
  },
  {
    name: 'bsdtar',
    version: '--version',
    list: (archive) => ['-tf', archive],
    printLast: (archive) => ['-xOf', archive, LAST_MEMBER],
  },
  {
    name: 'yauzl',
    command: process.execPath,
    version: '--version',
    list: (archive) => [YAUZL, 'list', archive],
    test: (archive) => [YAUZL, 'test', archive],
    printLast: (archive) => [YAUZL, 'print', archive, LAST_MEMBER],
  },
];

interface Case {
  readonly what: string;
  readonly files: readonly TestFile[];
  /** Readers that read every byte; of terabytes of zeros they only list and read the last member. */
  readonly testedBy: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: 'names in six scripts and an empty file',
    files: SCRIPTS,
    testedBy: ['unzip', 'python3', '7z', 'yauzl'],
  },
  {
    what: 'more than 65,535 members',
    files: [
      ...Array.from({ length: 66_000 }, (_, index) => ({
        name: `${index % 100}/${index}`,
        content: Buffer.alloc(0),
      })),
      ...SCRIPTS,
    ],
    testedBy: ['unzip', 'python3', '7z'],
  },
  {
    what: 'a member over 4 GiB',
    files: [{ name: 'disk.img', content: 5 * GIB }, ...SCRIPTS],
    testedBy: ['python3'],
  },
  {
    what: 'members around 4,294,967,295 bytes',
    files: [
      { name: 'one less.bin', content: 0xffff_fffe },
      { name: 'fat32 maximum.bin', content: 0xffff_ffff },
      { name: 'directly after.txt', content: Buffer.from('after') },
      { name: 'fat32 again.bin', content: 0xffff_ffff },
      { name: 'one more.bin', content: 0x1_0000_0000 },
      ...SCRIPTS,
    ],
    testedBy: [],
  },
  {
    what: 'a member of 1.5 TB',
    files: [{ name: 'server.e01', content: 1.5e12 }, ...SCRIPTS],
    testedBy: [],
  },
];

describe.each(cases)('an archive with $what', ({ files, testedBy }) => {
  const archive = join(folder, 'archive.zip');
  const paths = describedManifest(files).files.map((file) => file.path);
  beforeAll(() => writeSparseArchive(layoutZip(describedManifest(files)), files, archive));
  afterAll(() => rmSync(archive));

  for (const reader of readers) {
    const { name, command = name, version, list, test, printLast } = reader;
    const check = runs(command, version) ? it : it.skip;
    check(`is listed by ${name}`, () => {
      const listed = new Set(run(command, list(archive)).split(/\r?\n(?:Path = )?/));
      expect(paths.filter((path) => !listed.has(`2026-00417/data/${path}`))).toEqual([]);
    });
    if (printLast !== undefined) {
      check(`gives its last member to ${name}`, () => {
        expect(run(command, printLast(archive)).trim()).toBe('the last member');
      });
    }
    if (test !== undefined && testedBy.includes(name)) {
      check(
        `passes the test of ${name}`,
        () => {
          expect(() => run(command, test(archive))).not.toThrow();
        },
        60_000,
      );
    }
  }
});
