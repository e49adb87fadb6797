import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { archiveBytes, describedManifest, tagBytes } from '../../test/support/archives.ts';
import { bagTagFiles } from './bag.ts';
import { linesFile } from './tag-file.ts';
import { layoutZip } from './zip.ts';

describe('a tag file of lines', () => {
  it('is known by the size, CRC-32 and SHA-256 of its text, however many lines it has', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 255, 256, 257, 600),
        fc.constantFrom(1, 5_000),
        (count, length) => {
          const items = Array.from({ length: count }, (_, index) => index);
          const line = (item: number) => `${item} ö ${'x'.repeat(length)}\n`;
          const text = `before${items.map(line).join('')}after`;
          const file = linesFile('list.txt', { before: 'before', items, line, after: 'after' });
          const bytes = Buffer.from(text);
          expect(tagBytes(file).equals(bytes)).toBe(true);
          expect(file).toMatchObject({
            size: bytes.length,
            crc32: crc32(bytes),
            sha256: createHash('sha256').update(bytes).digest('hex'),
          });
        },
      ),
    );
  });

  it('is not kept where it is large, and read from any byte all the same', () => {
    const files = Array.from({ length: 3_000 }, (_, index) => ({
      name: `${index}.jpg`,
      content: Buffer.alloc(0),
    }));
    const manifest = describedManifest(files);
    const kept = bagTagFiles(manifest).reduce((sum, { memory }) => sum + memory, 0);
    const all = bagTagFiles(manifest).reduce((sum, { size }) => sum + size, 0);
    expect(kept).toBeLessThan(all / 5);
    const layout = layoutZip(manifest);
    const whole = archiveBytes(layout, files);
    for (let start = 0; start < all; start += 77_777) {
      const part = archiveBytes(layout, files, start, start + 100_000);
      expect(part.equals(whole.subarray(start, start + 100_000))).toBe(true);
    }
  });
});
