/** Brings one completed upload's object into being and reads it back: facts only, no rows. */
import { buffer } from 'node:stream/consumers';
import {
  ObjectNotFoundError,
  type ObjectStore,
  type StoredObject,
  UploadRefusedError,
} from '../../../platform/object-store/object-store.ts';
import type { Upload, UploadFailure } from '../evidence.entity.ts';
import { HEAD_BYTES, unsupportedContent } from './content-signature.ts';
import { type Digest, type Reading, readDigest } from './digest.ts';

/** A file that is stored as it was announced. */
export interface Intact {
  readonly type: 'intact';
  readonly object: StoredObject;
  readonly digest: Digest;
}

/** What came of reading an upload back. */
export type Verdict =
  | Intact
  | {
      readonly type: 'refused';
      readonly failure: UploadFailure;
      /** What was computed, where the reading came that far. */
      readonly sha256: string | null;
    };

type Means = Pick<Reading, 'store' | 'cancelled' | 'resumable'>;

/**
 * Completes an upload in the store and compares what is there with what was announced. Doing it again
 * gives the same verdict.
 * @param accepted extensions of the files that are taken; null for any
 * @throws Error where the store is away: no verdict, try later
 */
export async function verifyUpload(
  upload: Upload,
  means: Means,
  accepted: readonly string[] | null,
): Promise<Verdict> {
  const object = await storedObject(upload, means);
  if ('code' in object) return refused(object, null);
  if (object.size !== upload.size) {
    return refused(
      {
        code: 'wrong-size',
        detail: `The store has ${object.size} bytes of the ${upload.size} announced. Send the file again.`,
      },
      null,
    );
  }
  try {
    const foreign = accepted === null ? null : await foreignType(upload, object, means, accepted);
    if (foreign !== null) return refused(notSupported(foreign), null);
    const digest = await readDigest({ ...means, key: upload.objectKey, object });
    const { declaredSha256 } = upload;
    if (declaredSha256 == null || declaredSha256 === digest.sha256) {
      return { type: 'intact', object, digest };
    }
    return refused(
      {
        code: 'wrong-sha256',
        detail: `What arrived has SHA-256 ${digest.sha256}; ${declaredSha256} was declared. The file was damaged on its way, or changed while it was sent. Send it again.`,
      },
      digest.sha256,
    );
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return refused(missing, null);
    throw error;
  }
}

/** What the file's first bytes say that it is, where that is nothing which is taken. */
async function foreignType(
  upload: Upload,
  object: StoredObject,
  { store }: Means,
  accepted: readonly string[],
): Promise<string | null> {
  if (object.size === 0) return null;
  const first = { offset: 0, length: Math.min(object.size, HEAD_BYTES) };
  const stream = await store.read(upload.objectKey, first, object.versionId);
  return await unsupportedContent(upload.fileName, await buffer(stream), accepted);
}

function notSupported(type: string): UploadFailure {
  return {
    code: 'content-not-supported',
    detail: `What the file holds is of the type ${type}, whatever its name says, and that type is not taken. Convert it and send it again.`,
  };
}

const missing: UploadFailure = {
  code: 'object-missing',
  detail: 'The store does not have the file. Send it again.',
};

function refused(failure: UploadFailure, sha256: string | null): Verdict {
  return { type: 'refused', failure, sha256 };
}

/** The object that the parts make; completing is safe to repeat, since a key is never used again. */
async function storedObject(
  upload: Upload,
  { store }: Means,
): Promise<StoredObject | UploadFailure> {
  const refusal = await complete(upload, store);
  try {
    return await store.stat(upload.objectKey);
  } catch (error) {
    if (!(error instanceof ObjectNotFoundError)) throw error;
  }
  if (refusal !== 'parts') return missing;
  return {
    code: 'parts-refused',
    detail: 'The store refused to put the parts together. Send the file again.',
  };
}

async function complete(
  upload: Upload,
  store: ObjectStore,
): Promise<UploadRefusedError['reason'] | null> {
  try {
    await store.completeUpload(upload.objectKey, upload.storeUploadId, upload.parts ?? []);
    return null;
  } catch (error) {
    // An upload that the store knows no longer is what a completed one looks like the second time.
    if (error instanceof UploadRefusedError) return error.reason;
    throw error;
  }
}
