/** Brings one completed upload's object into being and reads it back: facts only, no rows. */
import {
  ObjectNotFoundError,
  type ObjectStore,
  type StoredObject,
  UploadRefusedError,
} from '../../platform/object-store/object-store.ts';
import { type Digest, type Reading, readDigest } from './digest.ts';
import type { Upload, UploadFailure } from './evidence.entity.ts';

/** What came of reading an upload back. */
export type Verdict =
  | { readonly type: 'intact'; readonly object: StoredObject; readonly digest: Digest }
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
 * @throws Error where the store is away: no verdict, try later
 */
export async function verifyUpload(upload: Upload, means: Means): Promise<Verdict> {
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
