/**
 * Tag files of a bag: known by size, CRC-32 and SHA-256 when the archive is laid out. The large ones,
 * with a line for each file, are rendered again for whoever reads them instead of being kept.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { LiteralParts } from './layout.ts';

/** A file that describes the payload. */
export interface TagFile {
  /** Below the archive's top folder. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly crc32: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly content: Buffer | LiteralParts;
  /** Roughly what keeping it costs, in bytes. */
  readonly memory: number;
}

/** Lines that are rendered together. */
const LINES = 64;

/** A tag file up to this size is kept. */
const KEPT_BYTES = 256 * 1024;

/** A tag file of a text. */
export function textFile(path: string, text: string): TagFile {
  return partsFile(path, 1, () => text);
}

/**
 * A tag file of a text before, a line for each item, and a text after.
 * @param line must give the same text each time; it ends the line itself
 */
export function linesFile<Item>(
  path: string,
  text: {
    readonly before?: string;
    readonly items: readonly Item[];
    readonly line: (item: Item, index: number) => string;
    readonly after?: string;
  },
): TagFile {
  const { before = '', items, line, after = '' } = text;
  const parts = Math.max(1, Math.ceil(items.length / LINES));
  return partsFile(path, parts, (part) => {
    let lines = part === 0 ? before : '';
    const end = Math.min((part + 1) * LINES, items.length);
    for (let index = part * LINES; index < end; index += 1) {
      const item = items[index];
      if (item !== undefined) lines += line(item, index);
    }
    return part === parts - 1 ? lines + after : lines;
  });
}

/** What texts are measured in before they are dropped: made once, since a hundred megabytes pass through. */
let scratch = Buffer.alloc(0);

/** The text's bytes, which stand until the next call. */
function measured(text: string): Buffer {
  // A UTF-16 unit takes three bytes of UTF-8 at most.
  if (scratch.length < text.length * 3) scratch = Buffer.allocUnsafeSlow(text.length * 3);
  return scratch.subarray(0, scratch.write(text));
}

function partsFile(path: string, parts: number, render: (part: number) => string): TagFile {
  const hash = createHash('sha256');
  const bounds = new Float64Array(parts + 1);
  let crc = 0;
  let size = 0;
  for (let part = 0; part < parts; part += 1) {
    const bytes = measured(render(part));
    hash.update(bytes);
    crc = crc32(bytes, crc);
    size += bytes.length;
    bounds[part + 1] = size;
  }
  const part = (index: number) => Buffer.from(render(index));
  const content =
    size > KEPT_BYTES
      ? { bounds, part }
      : Buffer.concat(Array.from({ length: parts }, (_, index) => part(index)));
  const memory = Buffer.isBuffer(content) ? content.length : bounds.byteLength;
  return { path, size, crc32: crc, sha256: hash.digest('hex'), content, memory };
}
