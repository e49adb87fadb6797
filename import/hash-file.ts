import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { LocalFile } from './folder.ts';
import { ImportError } from './import-error.ts';

/** The file is no longer the one that was found. */
export class FileChangedError extends ImportError {
  constructor() {
    super('It was changed while it was read. Run the import again.');
    this.name = 'FileChangedError';
  }
}

/** Bytes that are read at a time. */
const CHUNK = 1024 ** 2;

/**
 * The SHA-256 of a file, in hex.
 * @throws FileChangedError
 */
export async function hashFile(
  file: LocalFile,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(file.path, { highWaterMark: CHUNK, signal });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    onBytes(chunk.length);
  }
  await requireUnchanged(file);
  return hash.digest('hex');
}

/** @throws FileChangedError where size or time of the file are others than when it was found */
export async function requireUnchanged(file: LocalFile): Promise<void> {
  const { size, mtimeMs } = await stat(file.path);
  if (size !== file.size || mtimeMs !== file.mtimeMs) {
    throw new FileChangedError();
  }
}
