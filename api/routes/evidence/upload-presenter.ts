import type { z } from 'zod';
import type { Upload } from '../../../domain/evidence/evidence.entity.ts';
import { sizeOfPart } from '../../../domain/evidence/uploads/part-plan.ts';
import {
  type ObjectStore,
  UploadRefusedError,
} from '../../../platform/object-store/object-store.ts';
import type { uploadView } from './upload-schema.ts';

type UploadView = z.input<typeof uploadView>;

/**
 * An upload with its parts: while it is sent those that the store lists, which is the truth about how
 * far it is; later those that make the file.
 */
export async function presentUpload(upload: Upload, store: ObjectStore): Promise<UploadView> {
  return {
    id: upload.id,
    caseId: upload.caseId ?? null,
    fileName: upload.fileName,
    size: upload.size,
    state: upload.state,
    partSize: upload.partSize,
    partCount: upload.partCount,
    parts: upload.state === 'uploading' ? await partsInStore(upload, store) : partsOf(upload),
    ...(upload.evidenceId == null ? {} : { evidenceId: upload.evidenceId }),
    ...(upload.sha256 == null ? {} : { sha256: upload.sha256 }),
    ...(upload.failure == null ? {} : { failure: upload.failure }),
  };
}

/** The parts of an upload that is completed. */
function partsOf(upload: Upload): UploadView['parts'] {
  return (upload.parts ?? []).map(({ partNumber, etag }) => ({
    partNumber,
    size: sizeOfPart(upload, partNumber),
    etag,
  }));
}

/** The parts that the store has of an upload; none while it is being completed or given up. */
export async function partsInStore(
  upload: Upload,
  store: ObjectStore,
): Promise<UploadView['parts']> {
  try {
    return [...(await store.listParts(upload.objectKey, upload.storeUploadId))];
  } catch (error) {
    // It is being completed or was given up at this moment.
    if (error instanceof UploadRefusedError) return [];
    throw error;
  }
}
