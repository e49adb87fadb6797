/** The ways to answer with a workload: ours, and what one would first write. */
import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { Client } from 'minio';
import { streamSegments } from '../../api/streaming/stream.ts';
import { layoutArchive } from '../../domain/archive/archive.ts';
import {
  type ArchiveFormat,
  canonicalManifest,
  parseManifest,
} from '../../domain/archive/manifest.ts';
import {
  createRangeReader,
  type RangeReaderOptions,
} from '../../platform/object-store/range-reader.ts';
import { type LoadedObject, manifestOf } from './workload.ts';

/** What there is to serve. */
export interface Served {
  readonly store: RangeReaderOptions;
  readonly objects: readonly LoadedObject[];
}

/** Answers one request with everything; resolves when the response has ended. */
export type Answer = (response: ServerResponse, target: string) => Promise<void>;

/** The package as the API streams it; `/cold` reads the manifest and lays it out first. */
export function packageAnswer(format: ArchiveFormat, { store, objects }: Served): Answer {
  const reader = createRangeReader(store);
  const stored = canonicalManifest(manifestOf(objects, format));
  const cached = layoutArchive(manifestOf(objects, format));
  return async (response, target) => {
    const layout = target === '/cold' ? layoutArchive(parseManifest(stored)) : cached;
    response.writeHead(200, { 'Content-Length': layout.size });
    await streamSegments(layout.segments(), reader, response);
  };
}

/** The same objects one after the other, in no archive. */
export function plainAnswer({ store, objects }: Served): Answer {
  const client = minioClient(store);
  const size = objects.reduce((sum, object) => sum + object.size, 0);
  return async (response) => {
    response.writeHead(200, { 'Content-Length': size });
    for (const { key } of objects) {
      const object = await client.getObject(store.bucket, key);
      object.pipe(response, { end: false });
      await finished(object);
    }
    response.end();
  };
}

/** The store's usual client. */
export function minioClient(store: RangeReaderOptions): Client {
  const { hostname, port, protocol } = new URL(store.endpoint);
  return new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: protocol === 'https:',
    region: store.region,
    accessKey: store.accessKey,
    secretKey: store.secretKey,
  });
}

/** Begins a response whose length nobody knows: it ends with its connection, at no cost for framing. */
export function beginUnsized(response: ServerResponse): void {
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200, { Connection: 'close' });
}
