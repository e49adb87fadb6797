/** What beginning an upload and sending its parts take, whoever sends the file. */
import type { Act } from '../domain/act.ts';
import { DomainError } from '../domain/errors.ts';
import type { Upload } from '../domain/evidence/evidence.entity.ts';
import {
  allowUpload,
  type NewUpload,
  recordUpload,
} from '../domain/evidence/uploads/begin-upload.ts';
import type { UploadingParty } from '../domain/evidence/uploads/uploading-party.ts';
import { touchUpload } from '../domain/evidence/uploads/uploads.ts';
import type { UploadId } from '../domain/ids.ts';
import type { ApiDeps } from './deps.ts';

/**
 * Begins an upload in the store and in a row.
 * @param command runs the transaction of the row, and gives the request's answer
 * @throws DomainError as `allowUpload` does
 */
export async function beginUpload<Answered>(
  deps: ApiDeps,
  party: UploadingParty,
  file: NewUpload,
  command: (record: (act: Act) => Promise<Upload>) => Promise<Answered>,
): Promise<Answered> {
  const allowed = await allowUpload(deps.database.em.fork(), party, file);
  const storeUploadId = await deps.store.beginUpload(allowed.objectKey, allowed.contentType);
  const minimumPartSize = deps.config.UPLOAD_MINIMUM_PART_SIZE;
  try {
    return await command((act) =>
      recordUpload(act, party, allowed, { storeUploadId, minimumPartSize }),
    );
  } catch (error) {
    // Whoever was refused left no row. After any other failure there may be one: the answer to a commit may
    // have been lost, and its key gives this very upload to the next attempt. What has no row is found
    // by the reconciliation.
    if (!(error instanceof DomainError)) throw error;
    await deps.store.abortUpload(allowed.objectKey, storeUploadId).catch((failure: unknown) => {
      deps.logger.warn({ err: failure, uploadId: allowed.id }, 'an upload without a row stays');
    });
    throw error;
  }
}

/**
 * Addresses to PUT parts of an upload to, good for an hour at most.
 * @throws DomainError as `touchUpload` does
 */
export async function addressesOfParts(
  deps: ApiDeps,
  party: UploadingParty,
  uploadId: UploadId,
  partNumbers: readonly number[],
) {
  const upload = await touchUpload(deps.database.em.fork(), party, uploadId, partNumbers);
  const { objectKey, storeUploadId } = upload;
  const seconds = deps.config.UPLOAD_ADDRESS_SECONDS;
  const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
  const urls = partNumbers.map(async (partNumber) => ({
    partNumber,
    url: await deps.store.partAddress(objectKey, storeUploadId, partNumber, seconds),
    headers: {},
    expiresAt,
  }));
  return { urls: await Promise.all(urls) };
}
