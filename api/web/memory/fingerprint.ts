import type { SourceFile } from '../engine/ports.ts';
import { FileUnreadableError } from '../errors.ts';

/** Places of a file that are looked at, spread evenly from its first byte to its last. */
const SAMPLES = 24;

/** Bytes of a sample. */
const SAMPLE = 16 * 1024;

/**
 * What a file looks like without reading all of it: a hash of samples of its bytes, in hex. It tells a
 * file that was changed from the one that was begun; that the bytes are right, the check after the upload
 * shows.
 * @throws FileUnreadableError
 */
export async function sampledHash(file: SourceFile): Promise<string> {
  const last = Math.max(0, file.size - SAMPLE);
  const starts = new Set(
    Array.from({ length: SAMPLES }, (_, index) => Math.floor((last * index) / (SAMPLES - 1))),
  );
  // Two passes of FNV-1a from different beginnings: Web Crypto is missing where a page has no https.
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  try {
    for (const start of starts) {
      const bytes = new Uint8Array(await file.slice(start, start + SAMPLE).arrayBuffer());
      for (const byte of bytes) {
        low = Math.imul(low ^ byte, 0x01000193);
        high = Math.imul(high ^ byte, 0x01000193) + byte;
      }
    }
  } catch (error) {
    throw new FileUnreadableError({ cause: error });
  }
  return [low, high].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}
