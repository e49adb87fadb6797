import type { SourceFile, UploadMemory } from '../engine/ports.ts';
import { sampledHash } from './fingerprint.ts';

/** What is remembered of a file whose upload was begun. */
export interface MemoryRecord {
  /** Null from before it is asked for until the answer has arrived. */
  readonly uploadId: string | null;
  /** The idempotency key under which it was asked for, and the caption that was said with it. */
  readonly key?: string;
  readonly caption?: string;
  readonly sample: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Where records lie; what cannot be kept is forgotten, which only costs sending again. */
export interface RecordStore {
  get(key: string): Promise<MemoryRecord | null>;
  put(key: string, record: MemoryRecord): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Which upload a file belongs to: by its path, size, time and samples of its bytes, all of which must be
 * those of the file with which it was begun.
 * @param scope what takes the files: what another one has of the same file is no concern of this one
 */
export function uploadMemory(scope: string, records: RecordStore): UploadMemory {
  const samples = new WeakMap<SourceFile, Promise<string>>();
  const keyOf = ({ path, size, lastModified }: SourceFile) =>
    JSON.stringify([scope, path, size, lastModified]);

  function sampleOf(file: SourceFile): Promise<string> {
    const sample = samples.get(file) ?? sampledHash(file);
    samples.set(file, sample);
    return sample;
  }

  return {
    async recall(file) {
      // Also where nothing is known: a file that cannot be read is not even begun.
      samples.delete(file);
      const sample = await sampleOf(file);
      const record = await records.get(keyOf(file));
      return record?.sample === sample ? record.uploadId : null;
    },
    async keyFor({ source: file, caption }, key) {
      const sample = await sampleOf(file);
      const record = await records.get(keyOf(file));
      const isPending = record?.sample === sample && record.uploadId === null;
      if (isPending && record.key !== undefined && record.caption === caption) return record.key;
      await records.put(keyOf(file), { uploadId: null, key, caption, sample, at: Date.now() });
      return key;
    },
    async remember(file, uploadId) {
      const sample = await sampleOf(file);
      await records.put(keyOf(file), { uploadId, sample, at: Date.now() });
    },
    forget: async (file) => records.delete(keyOf(file)),
  };
}
