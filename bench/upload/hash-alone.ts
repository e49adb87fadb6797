import { Readable } from 'node:stream';
import { readDigest } from '../../domain/evidence/intake/digest.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';

/** Bytes of a read, as a store's answers come. */
const CHUNK = 64 * 1024;

/** Seconds that reading back takes where the bytes are there already: what hashing itself costs. */
export async function hashAlone(content: Buffer): Promise<number> {
  const object = { size: content.length, etag: '', versionId: null };
  const inMemory: Pick<ObjectStore, 'read' | 'stat'> = {
    stat: async () => object,
    read: async (_key, { offset }) => Readable.from(chunksOf(content, offset)),
  };
  const began = performance.now();
  await readDigest({
    store: inMemory as ObjectStore,
    key: 'bench',
    object,
    cancelled: new AbortController().signal,
    resumable: null,
  });
  return (performance.now() - began) / 1000;
}

function* chunksOf(content: Buffer, from: number): Generator<Buffer> {
  for (let at = from; at < content.length; at += CHUNK) yield content.subarray(at, at + CHUNK);
}
