/** A reader of ZIP files in JavaScript: `list` or `test` an archive, or `print` the member of a name. */
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part);
  return Buffer.concat(parts);
}

const [command, archive = '', name] = process.argv.slice(2);
const names: string[] = [];
const zip = await openPromise(archive);
for await (const entry of zip.eachEntry()) {
  if (command === 'list') names.push(entry.fileName);
  if (command === 'print' && entry.fileName === name) {
    process.stdout.write(await readEntry(zip, entry));
  }
  if (command === 'test' && crc32(await readEntry(zip, entry)) !== entry.crc32) {
    throw new Error(`${entry.fileName} is not what its header says`);
  }
}
process.stdout.write(names.join('\n'));
