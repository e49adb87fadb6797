/** ZIP libraries that stream, stored and not compressed, from the same store: none can be resumed. */
import { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipWriter } from '@zip.js/zip.js';
import { ZipArchive } from 'archiver';
import { ZipFile } from 'yazl';
import { type Answer, beginUnsized, minioClient, type Served } from './answers.ts';

const nameOf = (index: number) => `bench/data/camera ${index % 7}/${index}.bin`;

/** archiver: one object after the other, as it takes them itself. */
export function archiverAnswer({ store, objects }: Served): Answer {
  const client = minioClient(store);
  return async (response) => {
    beginUnsized(response);
    const archive = new ZipArchive({ store: true });
    archive.pipe(response);
    for (const [index, { key }] of objects.entries()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      archive.once('entry', () => resolve());
      archive.append(await client.getObject(store.bucket, key), { name: nameOf(index) });
      await promise;
    }
    await archive.finalize();
    await finished(response);
  };
}

/** yazl: asks for each object when its turn comes. */
export function yazlAnswer({ store, objects }: Served): Answer {
  const client = minioClient(store);
  return async (response) => {
    beginUnsized(response);
    const archive = new ZipFile();
    archive.outputStream.pipe(response);
    for (const [index, { key, size }] of objects.entries()) {
      archive.addReadStreamLazy(nameOf(index), { compress: false, size }, (callback) => {
        client.getObject(store.bucket, key).then(
          (object) => callback(null, object),
          (error: unknown) => callback(error, Readable.from([])),
        );
      });
    }
    archive.end();
    await finished(response);
  };
}

/** zip.js: one object after the other through web streams. */
export function zipJsAnswer({ store, objects }: Served): Answer {
  const client = minioClient(store);
  return async (response) => {
    beginUnsized(response);
    const writer = new ZipWriter(Writable.toWeb(response), { level: 0, useWebWorkers: false });
    for (const [index, { key }] of objects.entries()) {
      const object = Readable.toWeb(await client.getObject(store.bucket, key));
      await writer.add(nameOf(index), object as ReadableStream<Uint8Array>);
    }
    await writer.close();
  };
}
