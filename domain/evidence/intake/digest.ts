/** Reads a stored object back, once, for its SHA-256 and CRC-32. */
import { createHash } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { createSHA256 } from 'hash-wasm';
import { z } from 'zod';
import {
  ObjectNotFoundError,
  type ObjectStore,
  type StoredObject,
} from '../../../platform/object-store/object-store.ts';

export interface Digest {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly crc32: number;
}

/** How far a reading has come, in a form that survives the process. */
export interface Checkpoint {
  readonly offset: number;
  readonly state: string;
}

/** A reading that can be taken up again: where it left off, and where it notes how far it came. */
export interface Resumable {
  readonly from: Checkpoint | null;
  /** Bytes between two notes. */
  readonly every: number;
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
}

export interface Reading {
  readonly store: ObjectStore;
  readonly key: string;
  /** What is read: no other version, and no other entity tag. */
  readonly object: StoredObject;
  readonly cancelled: AbortSignal;
  /** Null for an object that a crash may start again. */
  readonly resumable: Resumable | null;
}

/** The object changed, ended early or did not end while it was read: the store is not well. */
class UnreadableObjectError extends Error {
  constructor(key: string, reason: string, options?: ErrorOptions) {
    super(`the object ${key} ${reason}`, options);
    this.name = 'UnreadableObjectError';
  }
}

/** Times that a broken reading is taken up in place, without progress between. */
const TRIES = 3;

/**
 * Reads an object from its first to its last byte, in place again after an interruption.
 * @throws ObjectNotFoundError; any other error means that the store is away or not well: try later
 */
export async function readDigest(reading: Reading): Promise<Digest> {
  const { store, key, object, cancelled, resumable } = reading;
  const hasher = resumable === null ? nodeHasher() : await portableHasher(object, resumable.from);
  let { offset } = hasher;
  let saved = offset;
  for (let failures = 0; offset < object.size; ) {
    try {
      const rest = { offset, length: object.size - offset };
      const stream = await store.read(key, rest, object.versionId);
      for await (const chunk of addAbortSignal(cancelled, stream) as AsyncIterable<Buffer>) {
        hasher.update(chunk);
        offset += chunk.length;
        failures = 0;
        if (resumable !== null && offset - saved >= resumable.every && offset < object.size) {
          await resumable.save({ offset, state: hasher.save() });
          saved = offset;
        }
      }
      if (offset > object.size) throw new UnreadableObjectError(key, 'is longer than it said');
      if (offset < object.size) throw new UnreadableObjectError(key, 'ended early');
    } catch (error) {
      failures += 1;
      const final =
        cancelled.aborted || error instanceof ObjectNotFoundError || offset > object.size;
      if (final || failures >= TRIES) throw error;
      await pause(250 * failures, undefined, { signal: cancelled });
    }
  }
  await requireUnchanged(reading);
  return hasher.digest();
}

/**
 * Reads the object that lies under a key now, whole, and says which it was. That takes one request, unless
 * the reading is interrupted: then that object is read as any other.
 * @throws ObjectNotFoundError; any other error means that the store is away or not well: try later
 */
export async function readCurrent(
  store: ObjectStore,
  key: string,
  cancelled: AbortSignal,
): Promise<{ readonly object: StoredObject; readonly digest: Digest }> {
  const { object, content } = await store.open(key);
  const hasher = nodeHasher();
  let length = 0;
  try {
    for await (const chunk of addAbortSignal(cancelled, content) as AsyncIterable<Buffer>) {
      hasher.update(chunk);
      length += chunk.length;
    }
  } catch (error) {
    if (cancelled.aborted) throw error;
  }
  if (length === object.size) return { object, digest: hasher.digest() };
  const again = { store, key, object, cancelled, resumable: null };
  return { object, digest: await readDigest(again) };
}

/** Where the bucket keeps no versions, an object that was replaced shows by its entity tag only. */
async function requireUnchanged({ store, key, object }: Reading): Promise<void> {
  if (object.versionId !== null) return;
  const after = await store.stat(key);
  if (after.etag !== object.etag || after.size !== object.size) {
    throw new UnreadableObjectError(key, 'was replaced while it was read');
  }
}

interface Hasher {
  /** Bytes that it has seen when it is made. */
  readonly offset: number;
  update(chunk: Buffer): void;
  save(): string;
  digest(): Digest;
}

/** OpenSSL's: twice as fast, but its state cannot be kept. */
function nodeHasher(): Hasher {
  const sha256 = createHash('sha256');
  let checksum = 0;
  return {
    offset: 0,
    update(chunk) {
      sha256.update(chunk);
      checksum = crc32(chunk, checksum);
    },
    save() {
      throw new Error('this state cannot be kept');
    },
    digest: () => ({ sha256: sha256.digest('hex'), crc32: checksum }),
  };
}

const keptState = z.object({
  etag: z.string(),
  versionId: z.string().nullable(),
  crc32: z.int(),
  sha256: z.base64(),
});

/** One whose state can be kept; what was kept of another object, or of another version, is not used. */
async function portableHasher(object: StoredObject, from: Checkpoint | null): Promise<Hasher> {
  const sha256 = (await createSHA256()).init();
  let checksum = 0;
  let offset = 0;
  const kept = from === null ? null : keptState.parse(JSON.parse(from.state));
  if (from !== null && kept?.etag === object.etag && kept.versionId === object.versionId) {
    sha256.load(Buffer.from(kept.sha256, 'base64'));
    checksum = kept.crc32;
    offset = from.offset;
  }
  return {
    offset,
    update(chunk) {
      sha256.update(chunk);
      checksum = crc32(chunk, checksum);
    },
    save() {
      const state: z.infer<typeof keptState> = {
        etag: object.etag,
        versionId: object.versionId,
        crc32: checksum,
        sha256: Buffer.from(sha256.save()).toString('base64'),
      };
      return JSON.stringify(state);
    },
    digest: () => ({ sha256: sha256.digest('hex'), crc32: checksum }),
  };
}
