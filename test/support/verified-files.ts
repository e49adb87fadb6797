/** What a recipient has after a download: unpacked, and compared with the manifest inside. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './archive-readers.ts';

const READ_MEMBER = `
import sys, zipfile
bag = zipfile.ZipFile(sys.argv[1])
names = [name for name in bag.namelist() if name.split('/', 1)[1] == sys.argv[2]]
sys.stdout.write(bag.read(names[0]).decode())
`;

/** The text of a file that stands in a ZIP archive's top folder. */
export function memberOf(archive: string, path: string): string {
  return run('python3', ['-c', READ_MEMBER, archive, path]);
}

/**
 * Unpacks an archive, a ZIP by Python and an ISO image by bsdtar, below `folder` and compares every file
 * with `manifest-sha256.txt`.
 * @returns how many files it lists
 * @throws Error naming a file that is not as it was shared
 */
export function verifiedFiles(archive: string, folder: string): number {
  const into = mkdtempSync(join(folder, 'unpacked-'));
  if (archive.endsWith('.iso')) run('bsdtar', ['-xf', archive, '-C', into]);
  else run('python3', ['-m', 'zipfile', '-e', archive, into]);
  const top = join(into, readdirSync(into)[0] ?? '');
  const lines = readFileSync(join(top, 'manifest-sha256.txt'), 'utf8').trimEnd().split('\n');
  for (const line of lines) {
    const [hash, path = ''] = line.split('  ');
    const found = createHash('sha256')
      .update(readFileSync(join(top, path)))
      .digest('hex');
    if (found !== hash) throw new Error(`${path} is not as it was shared`);
  }
  return lines.length;
}
