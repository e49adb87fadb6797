import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import { Client, S3Error } from 'minio';
import { type ObjectCopies, objectCopies } from './copies.ts';
import { type ObjectListings, objectListings } from './listings.ts';
import { type OpenedObject, openedObject } from './opened-object.ts';
import { ObjectNotFoundError, UploadRefusedError } from './store-errors.ts';

export type { UnfinishedUpload } from './listings.ts';
export { ObjectNotFoundError, UploadRefusedError } from './store-errors.ts';

/** A part that the store holds of an unfinished upload. A part sent twice may be listed twice. */
export interface StoredPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
}
export interface StoredObject {
  readonly size: number;
  readonly etag: string;
  /** Null where the bucket keeps no versions. */
  readonly versionId: string | null;
}

/** What Casebridge asks of an S3 store: plain operations, each safe to repeat. */
export interface ObjectStore extends ObjectCopies, ObjectListings {
  readonly bucket: string;
  /** Begins a multipart upload; keep the id it gives: uploads are never discovered by listing. */
  beginUpload(key: string, contentType: string): Promise<string>;
  /** An address to PUT one part to, from anywhere, for `seconds`. A bearer secret. */
  partAddress(key: string, uploadId: string, partNumber: number, seconds: number): Promise<string>;
  /** @throws UploadRefusedError where the upload is unknown: completed, aborted or never begun */
  listParts(key: string, uploadId: string): Promise<readonly StoredPart[]>;
  /** @throws UploadRefusedError */
  completeUpload(
    key: string,
    uploadId: string,
    parts: readonly { readonly partNumber: number; readonly etag: string }[],
  ): Promise<void>;
  /** Forgets an upload and its parts; one that is unknown is forgotten already. */
  abortUpload(key: string, uploadId: string): Promise<void>;
  /** @throws ObjectNotFoundError */
  stat(key: string, versionId?: string | null): Promise<StoredObject>;
  /** Small objects only: they are held in memory. */
  put(key: string, content: Buffer, contentType: string): Promise<void>;
  /** @throws ObjectNotFoundError */
  read(
    key: string,
    range: { readonly offset: number; readonly length: number },
    versionId?: string | null,
  ): Promise<Readable>;
  /**
   * The whole object that lies under a key now, in one request.
   * @throws ObjectNotFoundError
   */
  open(key: string): Promise<OpenedObject>;
  /** Removes an object; one that is not there is removed already. */
  remove(key: string, versionId?: string | null): Promise<void>;
}

export interface ObjectStoreOptions {
  readonly endpoint: string;
  /** The store as browsers reach it; the host is part of what an address is signed for. */
  readonly publicEndpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly patience?: Patience;
}

/** Milliseconds without a byte after which the store is taken for dead, and a request fails. */
export interface Patience {
  /** While it puts the parts of an upload together, or copies. */
  readonly completing: number;
  readonly otherwise: number;
}

const PATIENCE: Patience = { completing: 10 * 60_000, otherwise: 60_000 };

/** Requests that fail when the store falls silent: a connection may be lost without a sign of it. */
function impatient(transport: typeof http | typeof https, patience: Patience) {
  function request(
    options: https.RequestOptions,
    onResponse?: (response: http.IncomingMessage) => void,
  ): http.ClientRequest {
    const timeout = isSilentWork(options) ? patience.completing : patience.otherwise;
    const sent = transport.request({ ...options, timeout }, onResponse);
    return sent.on('timeout', () => sent.destroy(silence()));
  }
  return { ...transport, request } as typeof transport;
}

/** An error like that of a connection that cannot be made: whoever asked may try again. */
function silence(): Error {
  return Object.assign(new Error('the store sent nothing'), { code: 'ETIMEDOUT' });
}

/** What a store works on for long before it says anything: completing an upload, and copying. */
function isSilentWork({ method, path, headers }: https.RequestOptions): boolean {
  if (method === 'POST') return path?.includes('uploadId=') === true;
  return method === 'PUT' && Object.hasOwn(headers ?? {}, 'x-amz-copy-source');
}

/** `listParts` of the client gives all pages, but is protected. */
class PartListingClient extends Client {
  override async listParts(bucket: string, key: string, uploadId: string) {
    return super.listParts(bucket, key, uploadId);
  }
}

function clientOf(endpoint: string, options: ObjectStoreOptions): PartListingClient {
  const url = new URL(endpoint);
  return new PartListingClient({
    endPoint: url.hostname,
    useSSL: url.protocol === 'https:',
    transport: impatient(url.protocol === 'https:' ? https : http, options.patience ?? PATIENCE),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    region: options.region,
    accessKey: options.accessKey,
    secretKey: options.secretKey,
  });
}

/** The object store behind the `minio` client: its primitives only, since its helpers guess. */
export function openObjectStore(options: ObjectStoreOptions): ObjectStore {
  const { bucket } = options;
  const client = clientOf(options.endpoint, options);
  const publicClient = clientOf(options.publicEndpoint, options);
  return {
    bucket,
    ...objectCopies(client, bucket, refusing),
    ...objectListings(client, bucket),
    async beginUpload(key, contentType) {
      return client.initiateNewMultipartUpload(bucket, key, { 'Content-Type': contentType });
    },
    async partAddress(key, uploadId, partNumber, seconds) {
      return publicClient.presignedUrl('PUT', bucket, key, seconds, {
        uploadId,
        partNumber: String(partNumber),
      });
    },
    async listParts(key, uploadId) {
      const parts = await refusing(client.listParts(bucket, key, uploadId));
      return parts.map(({ part, size, etag }) => ({
        partNumber: part,
        size,
        etag: unquoted(etag),
      }));
    },
    async completeUpload(key, uploadId, parts) {
      const etags = parts.map(({ partNumber, etag }) => ({ part: partNumber, etag }));
      await refusing(client.completeMultipartUpload(bucket, key, uploadId, etags));
    },
    async abortUpload(key, uploadId) {
      try {
        await client.abortMultipartUpload(bucket, key, uploadId);
      } catch (error) {
        if (!hasCode(error, 'NoSuchUpload', 'NoSuchKey')) throw error;
      }
    },
    async stat(key, versionId = null) {
      const found = await finding(
        key,
        client.statObject(bucket, key, versionId === null ? {} : { versionId }),
      );
      return {
        size: found.size,
        etag: unquoted(found.etag),
        versionId: found.versionId ?? null,
      };
    },
    async put(key, content, contentType) {
      await client.putObject(bucket, key, content, content.length, { 'Content-Type': contentType });
    },
    async read(key, { offset, length }, versionId = null) {
      const version = versionId === null ? {} : { versionId };
      return finding(key, client.getPartialObject(bucket, key, offset, length, version));
    },
    async open(key) {
      return openedObject(await finding(key, client.getObject(bucket, key)));
    },
    async remove(key, versionId = null) {
      await client.removeObject(bucket, key, versionId === null ? {} : { versionId });
    },
  };
}

async function finding<T>(key: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (hasCode(error, 'NotFound', 'NoSuchKey', 'NoSuchVersion')) {
      throw new ObjectNotFoundError(key, { cause: error });
    }
    throw error;
  }
}

async function refusing<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (hasCode(error, 'NoSuchUpload', 'NoSuchKey')) {
      throw new UploadRefusedError('unknown-upload', { cause: error });
    }
    if (hasCode(error, 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall')) {
      throw new UploadRefusedError('parts', { cause: error });
    }
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof S3Error && error.code !== undefined && codes.includes(error.code);
}

function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}
