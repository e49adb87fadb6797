import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const MIB = 1024 ** 2;

/** Folders in the scripts that evidence comes in. */
const FOLDERS = [
  'cameras',
  'Kameras Süd',
  'Камеры',
  'カメラ',
  'كاميرات',
  'กล้อง',
  'phones/extracted/DCIM',
];

/** What was written: path below the folder, and its SHA-256. */
export type WrittenFolder = ReadonlyMap<string, string>;

/**
 * Writes a folder as real evidence comes: hundreds of files, names in several scripts, one that is
 * empty, one of many parts, some alike but for letter case. The bytes are random: nothing compresses.
 */
export async function writeEvidenceFolder(
  folder: string,
  size: { readonly files: number; readonly largest: number },
): Promise<WrittenFolder> {
  const written = new Map<string, string>();
  async function write(name: string, content: Buffer): Promise<void> {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    written.set(name, createHash('sha256').update(content).digest('hex'));
  }
  await write('empty note.txt', Buffer.alloc(0));
  await write('interview room 2.mp4', randomBytes(size.largest));
  await write('Report.PDF', randomBytes(3_001));
  await write('report.pdf', randomBytes(3_002));
  await write(`${'a very long name '.repeat(11)}end.txt`, randomBytes(10));
  for (let n = written.size; n < size.files; n += 1) {
    const place = FOLDERS[n % FOLDERS.length] ?? '';
    const bytes = n % 10 === 0 ? MIB + n * 4_099 : 50_000 + n * 131;
    await write(`${place}/${String(n).padStart(4, '0')} café №${n}.jpg`, randomBytes(bytes));
  }
  return written;
}
