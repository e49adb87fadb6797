/** Copies one object inside the store: whole, or by parts where it is large. Taken up where it was left. */
import type { CopySource } from '../../../platform/object-store/copies.ts';
import {
  ObjectNotFoundError,
  type ObjectStore,
  type StoredPart,
  UploadRefusedError,
} from '../../../platform/object-store/object-store.ts';

const GIB = 1024 ** 3;

/** How objects are copied; bytes. */
export interface CopyLimits {
  /** Larger objects are copied by parts: one request for much more than this times out on some stores. */
  readonly whole: number;
  /** The size of a part. S3 asks for 5 MiB at least, and takes 10,000 of them. */
  readonly part: number;
  /** Parts that are copied at once. */
  readonly parallelParts: number;
  /** Parts after which a slice of work ends, so that the life hears what happened meanwhile. */
  readonly partsPerSlice: number;
}

export const COPY_LIMITS: CopyLimits = {
  whole: GIB,
  part: GIB,
  parallelParts: 4,
  partsPerSlice: 32,
};

export interface ObjectCopy {
  readonly source: CopySource;
  readonly size: number;
  readonly contentType: string;
  readonly key: string;
  /** The upload that its parts belong to, as it was noted; null before. */
  readonly uploadId: string | null;
  /**
   * Notes the upload in the place of the one noted before; says false where another worker was first.
   */
  readonly noteUpload: (uploadId: string, before: string | null) => Promise<boolean>;
}

/**
 * Copies an object, or the next parts of it.
 * @returns whether all of it is there
 * @throws ObjectNotFoundError, CopySourceChangedError; any other error means: try later
 */
export async function copyObject(
  store: ObjectStore,
  copy: ObjectCopy,
  cancelled: AbortSignal,
  limits: CopyLimits,
): Promise<boolean> {
  if (copy.size <= limits.whole) {
    await store.copy(copy.source, copy.key);
    return true;
  }
  const uploadId = copy.uploadId ?? (await begin(store, copy));
  if (uploadId === null) return false;
  const listed = await listParts(store, copy, uploadId);
  if (listed === 'completed') return true;
  if (listed === 'unknown') {
    await begin(store, copy);
    return false;
  }
  const parts = new Map(listed.map((part) => [part.partNumber, part.etag]));
  const count = Math.ceil(copy.size / limits.part);
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter(
    (partNumber) => !parts.has(partNumber),
  );
  const next = missing.slice(0, limits.partsPerSlice);
  const isLast = next.length === missing.length;
  const lane = async () => {
    for (let number = next.shift(); number !== undefined; number = next.shift()) {
      cancelled.throwIfAborted();
      const range = rangeOf(number, copy.size, limits.part);
      const part = { key: copy.key, uploadId, partNumber: number };
      parts.set(number, await store.copyPart(copy.source, range, part));
    }
  };
  await settled(Array.from({ length: limits.parallelParts }, lane));
  if (!isLast) return false;
  const ordered = [...parts]
    .map(([partNumber, etag]) => ({ partNumber, etag }))
    .toSorted((one, other) => one.partNumber - other.partNumber);
  await store.completeUpload(copy.key, uploadId, ordered);
  return true;
}

async function begin(store: ObjectStore, copy: ObjectCopy): Promise<string | null> {
  const uploadId = await store.beginUpload(copy.key, copy.contentType);
  if (await copy.noteUpload(uploadId, copy.uploadId)) return uploadId;
  await store.abortUpload(copy.key, uploadId);
  return null;
}

function rangeOf(partNumber: number, size: number, partSize: number) {
  const offset = (partNumber - 1) * partSize;
  return { offset, length: Math.min(partSize, size - offset) };
}

/** An upload that the store knows no longer was completed, if the object is there. */
async function listParts(
  store: ObjectStore,
  copy: ObjectCopy,
  uploadId: string,
): Promise<readonly StoredPart[] | 'completed' | 'unknown'> {
  try {
    return await store.listParts(copy.key, uploadId);
  } catch (error) {
    if (!(error instanceof UploadRefusedError)) throw error;
  }
  try {
    const { size } = await store.stat(copy.key);
    return size === copy.size ? 'completed' : 'unknown';
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return 'unknown';
    throw error;
  }
}

/** Waits for all, so that no request is under way when this ends; throws the first error. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
