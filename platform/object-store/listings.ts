/** What the store has below a prefix: to remove what a piece of work left there, never to find facts. */
import type { Client } from 'minio';
import { uriEncoded } from './sigv4.ts';

/** Versions in one answer of the store: what S3 gives at most. */
const PAGE = 1_000;

/** One version of an object, or the marker of a deletion. */
export interface StoredVersion {
  readonly key: string;
  /** Null where the bucket keeps no versions. */
  readonly versionId: string | null;
}

/** An upload that was begun and neither completed nor aborted. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
}

export interface ObjectListings {
  /** Every version below a prefix, deletion markers too, in pages. */
  versions(prefix: string): AsyncIterable<StoredVersion>;
  /**
   * Unfinished uploads below a prefix. Some stores find them under their exact key only: ask for that
   * too where it is known.
   */
  unfinishedUploads(prefix: string): Promise<readonly UnfinishedUpload[]>;
}

export function objectListings(client: Client, bucket: string): ObjectListings {
  return {
    async *versions(prefix) {
      let keyMarker = '';
      let versionIdMarker = '';
      for (;;) {
        // Not `listObjects`: that does not escape the markers, so that a second page is not signed right.
        const page = await client.listObjectsQuery(bucket, prefix, '', {
          IncludeVersion: true,
          Delimiter: '',
          MaxKeys: PAGE,
          keyMarker: uriEncoded(keyMarker),
          versionIdMarker: uriEncoded(versionIdMarker),
        });
        for (const { name, versionId } of page.objects as readonly ListedVersion[]) {
          if (name !== undefined) yield { key: name, versionId: versionOf(versionId) };
        }
        if (page.isTruncated !== true) return;
        ({ keyMarker = '', versionIdMarker = '' } = page);
        if (keyMarker === '') throw new Error('the store does not say where the listing goes on');
      }
    },
    async unfinishedUploads(prefix) {
      const found: UnfinishedUpload[] = [];
      let keyMarker = '';
      let uploadIdMarker = '';
      for (;;) {
        const page = await client.listIncompleteUploadsQuery(
          bucket,
          prefix,
          keyMarker,
          uploadIdMarker,
          '',
        );
        found.push(...page.uploads.map(({ key, uploadId }) => ({ key, uploadId })));
        if (!page.isTruncated) return found;
        keyMarker = page.nextKeyMarker;
        uploadIdMarker = page.nextUploadIdMarker;
      }
    },
  };
}

interface ListedVersion {
  readonly name?: string;
  readonly versionId?: string | number | null;
}

/** Stores call the version of an object in a bucket without versions `null`, by that word. */
function versionOf(listed: string | number | null | undefined): string | null {
  return listed == null || listed === '' || listed === 'null' ? null : String(listed);
}
