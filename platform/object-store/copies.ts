/** Copies inside the store: bytes never leave it. The primitives only, each safe to repeat. */
import { type Client, CopyDestinationOptions, CopySourceOptions, S3Error } from 'minio';
import { ObjectNotFoundError } from './store-errors.ts';

/** The one object that is copied: no other version, and no other content under its key. */
export interface CopySource {
  readonly key: string;
  /** Null where the bucket keeps no versions. */
  readonly versionId: string | null;
  readonly etag: string;
}

/** What lies under the key is not what was to be copied: trying again gives the same answer. */
export class CopySourceChangedError extends Error {
  constructor(key: string, options?: ErrorOptions) {
    super(`the object ${key} is not the one that was to be copied`, options);
    this.name = 'CopySourceChangedError';
  }
}

/** How the store copies. */
export interface ObjectCopies {
  /**
   * Copies a whole object; only up to the store's limit for one request (5 GiB in S3).
   * @throws ObjectNotFoundError, CopySourceChangedError
   */
  copy(source: CopySource, key: string): Promise<void>;
  /**
   * Copies a range of an object as one part of an upload.
   * @returns the part's entity tag
   * @throws ObjectNotFoundError, CopySourceChangedError; UploadRefusedError where the upload is unknown
   */
  copyPart(
    source: CopySource,
    range: { readonly offset: number; readonly length: number },
    part: { readonly key: string; readonly uploadId: string; readonly partNumber: number },
  ): Promise<string>;
}

/** @param refusing tells uploads that the store no longer knows from other errors */
export function objectCopies(
  client: Client,
  bucket: string,
  refusing: <T>(request: Promise<T>) => Promise<T>,
): ObjectCopies {
  const sourceOf = ({ key, versionId, etag }: CopySource) =>
    new CopySourceOptions({
      Bucket: bucket,
      Object: key,
      MatchETag: etag,
      ...(versionId === null ? {} : { VersionID: versionId }),
    });
  return {
    async copy(source, key) {
      const target = new CopyDestinationOptions({ Bucket: bucket, Object: key });
      await copying(source.key, client.copyObject(sourceOf(source), target));
    },
    async copyPart(source, { offset, length }, { key, uploadId, partNumber }) {
      const { etag } = await refusing(
        copying(
          source.key,
          client.uploadPart({
            bucketName: bucket,
            objectName: key,
            uploadID: uploadId,
            partNumber,
            headers: {
              ...sourceOf(source).getHeaders(),
              'x-amz-copy-source-range': `bytes=${offset}-${offset + length - 1}`,
            },
          }),
        ),
      );
      return etag;
    },
  };
}

async function copying<T>(sourceKey: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof S3Error) {
      if (error.code === 'PreconditionFailed') {
        throw new CopySourceChangedError(sourceKey, { cause: error });
      }
      if (['NotFound', 'NoSuchKey', 'NoSuchVersion'].includes(error.code ?? '')) {
        throw new ObjectNotFoundError(sourceKey, { cause: error });
      }
    }
    throw error;
  }
}
