/** Bags out of our archives, judged by a BagIt implementation that is not ours. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { wheelFolder } from '../../dev/setup/wheels.mjs';
import { exists, run, runs, SCRIPTS } from '../../test/support/archive-readers.ts';
import {
  archiveBytes,
  describedManifest,
  type TestFile,
  testManifest,
} from '../../test/support/archives.ts';
import { layoutArchive } from './archive.ts';
import type { ArchiveManifest } from './manifest.ts';

const BAG = '2026-00417';
const folder = mkdtempSync(join(tmpdir(), 'casebridge-bags-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Programs that take a whole archive out. */
const EXTRACTORS: Readonly<Record<string, (archive: string, into: string) => readonly string[]>> = {
  python3: (archive, into) => ['-m', 'zipfile', '-e', archive, into],
  bsdtar: (archive, into) => ['-xf', archive, '-C', into],
};

function extracted(manifest: ArchiveManifest, files: readonly TestFile[], program: string): string {
  const into = mkdtempSync(join(folder, 'out-'));
  const archive = join(into, `archive.${manifest.format}`);
  writeFileSync(archive, archiveBytes(layoutArchive(manifest), files));
  run(program, EXTRACTORS[program]?.(archive, into) ?? []);
  return join(into, BAG);
}

/** All that bagit asks of setuptools, which newer Pythons do not bring, is its own version. */
const VALIDATE = `
import sys, types
setuptools = types.ModuleType('pkg_resources')
setuptools.DistributionNotFound = Exception
setuptools.get_distribution = lambda name: types.SimpleNamespace(version='')
sys.modules['pkg_resources'] = setuptools
sys.path.insert(0, sys.argv[1])
import bagit
bagit.Bag(sys.argv[2]).validate()
`;

/** @throws Error where the bag is not valid */
function validate(bag: string): void {
  run('python3', ['-c', VALIDATE, wheelFolder(), bag]);
}

const files: readonly TestFile[] = [
  ...SCRIPTS,
  { name: 'a%20b 100%.txt', content: Buffer.from('percent') },
  { name: 'line\r\nbreak.txt', content: Buffer.from('line ends') },
];

const hasPython = runs('python3', '--version');
describe.each([
  ['a ZIP file', 'zip', 'python3'],
  ['an ISO image', 'iso', 'bsdtar'],
] as const)('the bag in %s', (_, format, program) => {
  const check = hasPython && exists(program) ? test : test.skip;

  check('is valid, in each format version', () => {
    for (const make of [testManifest, describedManifest]) {
      const bag = extracted(make(files, { format }), files, program);
      expect(() => validate(bag)).not.toThrow();
    }
  });

  check.each(['data/last.txt', 'certificate.html', 'case.json'])(
    'is not after %s changed',
    (path) => {
      const bag = extracted(describedManifest(files, { format }), files, program);
      run('chmod', ['-R', 'u+w', bag]);
      appendFileSync(join(bag, path), ' ');
      expect(() => validate(bag)).toThrow('BagValidationError');
    },
  );

  check('is valid whatever its files are called', () => {
    const file = fc.record({
      name: fc.string({ unit: 'grapheme', maxLength: 40 }),
      content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 8 }), (some) => {
        validate(extracted(describedManifest(some, { format }), some, program));
      }),
      { numRuns: 8 },
    );
  });
});
