/** What the store has below a prefix: to remove what a piece of work left there, never to find facts. */
import type { Client } from 'minio';
import { uriEncoded } from './sigv4.ts';

/** Versions in one answer of the store: what S3 gives at most. */
const PAGE = 1_000;

/** Of a listing that would begin anew for ever. */
const ENDLESS = 'the store does not say where the listing goes on';

/** One version of an object, or the marker of a deletion. */
export interface StoredVersion {
  readonly key: string;
  /** Null where the bucket keeps no versions. */
  readonly versionId: string | null;
}

/** A version as a listing says it. */
export interface ListedVersion extends StoredVersion {
  readonly size: number;
  readonly lastModified: Date;
}

/** Some of the objects below a prefix, in the order of their keys. */
export interface ListedPage {
  /** Versions of objects, without the markers of deletions. */
  readonly versions: readonly ListedVersion[];
  /** The key after which the listing goes on; null at its end. */
  readonly next: string | null;
}

/** An upload that was begun and neither completed nor aborted. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** By the store's clock; an invalid date where it does not say. */
  readonly begunAt: Date;
}

export interface ObjectListings {
  /** Every version below a prefix, deletion markers too, in pages. */
  versions(prefix: string): AsyncIterable<StoredVersion>;
  /** A page of what lies below a prefix, after a key: for whoever reads a large store bit by bit. */
  page(prefix: string, after: string): Promise<ListedPage>;
  /**
   * Unfinished uploads below a prefix. Some stores find them under their exact key only: ask for that
   * too where it is known.
   */
  unfinishedUploads(prefix: string): Promise<readonly UnfinishedUpload[]>;
}

export function objectListings(client: Client, bucket: string): ObjectListings {
  // Not `listObjects`: that does not escape the markers, so that a second page is not signed right.
  const list = async (prefix: string, after: { readonly key: string; readonly version: string }) =>
    client.listObjectsQuery(bucket, prefix, '', {
      IncludeVersion: true,
      Delimiter: '',
      MaxKeys: PAGE,
      keyMarker: uriEncoded(after.key),
      versionIdMarker: uriEncoded(after.version),
    });
  return {
    async page(prefix, after) {
      const page = await list(prefix, { key: after, version: '' });
      const versions = (page.objects as readonly ListedObject[]).flatMap((object) =>
        object.name === undefined || object.isDeleteMarker === true
          ? []
          : [
              {
                key: object.name,
                versionId: versionOf(object.versionId),
                size: Number(object.size ?? 0),
                lastModified: new Date(object.lastModified ?? 0),
              },
            ],
      );
      return { versions, next: page.isTruncated === true ? markerOf(page) : null };
    },
    async *versions(prefix) {
      let keyMarker = '';
      let versionIdMarker = '';
      for (;;) {
        const page = await list(prefix, { key: keyMarker, version: versionIdMarker });
        for (const { name, versionId } of page.objects as readonly ListedObject[]) {
          if (name !== undefined) yield { key: name, versionId: versionOf(versionId) };
        }
        if (page.isTruncated !== true) return;
        keyMarker = markerOf(page);
        versionIdMarker = page.versionIdMarker ?? '';
      }
    },
    async unfinishedUploads(prefix) {
      const found: UnfinishedUpload[] = [];
      let keyMarker = '';
      let last: UnfinishedUpload | undefined;
      for (;;) {
        // After the last one listed: the client loses the marker of uploads, and some stores give no other.
        const { uploads, isTruncated, nextKeyMarker } = await client.listIncompleteUploadsQuery(
          bucket,
          prefix,
          keyMarker,
          uriEncoded(last?.uploadId ?? ''),
          '',
        );
        found.push(
          ...uploads.map(({ key, uploadId, initiated }) => ({ key, uploadId, begunAt: initiated })),
        );
        if (!isTruncated) return found;
        if (found.at(-1)?.uploadId === last?.uploadId) throw new Error(ENDLESS);
        last = found.at(-1);
        keyMarker = nextKeyMarker;
      }
    },
  };
}

interface ListedObject {
  readonly name?: string;
  readonly versionId?: string | number | null;
  readonly size?: number | string;
  readonly lastModified?: Date | string;
  readonly isDeleteMarker?: boolean;
}

function markerOf({ keyMarker = '' }: { readonly keyMarker?: string | undefined }): string {
  if (keyMarker === '') throw new Error(ENDLESS);
  return keyMarker;
}

/** Stores call the version of an object in a bucket without versions `null`, by that word. */
function versionOf(listed: string | number | null | undefined): string | null {
  return listed == null || listed === '' || listed === 'null' ? null : String(listed);
}
