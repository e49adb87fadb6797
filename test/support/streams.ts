/** Packages in the real store, streamed over real HTTP, for tests of what goes out. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type StreamEnd, type StreamOptions, streamSegments } from '../../api/streaming/stream.ts';
import type { ArchiveFile, ArchiveManifest, PlainManifest } from '../../domain/archive/manifest.ts';
import type { ByteRange } from '../../domain/archive/ranges.ts';
import { layoutZip } from '../../domain/archive/zip.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import type { RangeReader } from '../../platform/object-store/range-reader.ts';
import { type TestFile, testManifest } from './archives.ts';

export const MIB = 2 ** 20;

export interface StoredPackage {
  readonly files: readonly TestFile[];
  readonly manifest: PlainManifest;
}

/** Stores the files and gives the manifest of a package of them. */
export async function storePackage(
  store: ObjectStore,
  files: readonly (TestFile & { content: Buffer })[],
): Promise<StoredPackage> {
  const manifest = testManifest(files);
  const stored = await Promise.all(
    manifest.files.map(async (file, index): Promise<ArchiveFile> => {
      const key = `stream/${randomUUID()}`;
      await store.put(key, files[index]?.content ?? Buffer.alloc(0), 'application/octet-stream');
      const { etag, versionId } = await store.stat(key);
      return { ...file, object: { key, etag, versionId } };
    }),
  );
  return { files, manifest: { ...manifest, files: stored } };
}

/** The manifest of a package in which one file is said to be other than it is. */
export function changeFile(
  { manifest }: StoredPackage,
  index: number,
  change: Partial<ArchiveFile>,
): PlainManifest {
  const files = manifest.files.map((file, at) => (at === index ? { ...file, ...change } : file));
  return { ...manifest, files };
}

export interface Download {
  readonly response: IncomingMessage;
  /** How the stream ended on the server. */
  readonly ended: Promise<StreamEnd>;
}

const servers: Server[] = [];

/** Ends every server that `download` started. */
export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

/** Serves a range of the archive once, over real HTTP, and asks for it. */
export async function download(
  reader: RangeReader,
  manifest: ArchiveManifest,
  options: StreamOptions = {},
  range?: ByteRange,
): Promise<Download> {
  const layout = layoutZip(manifest);
  const { start, end } = range ?? { start: 0, end: layout.size };
  const ended = Promise.withResolvers<StreamEnd>();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Length': end - start });
    response.flushHeaders();
    ended.resolve(streamSegments(layout.segments(start, end), reader, response, options));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { response, ended: ended.promise };
}

/** All that comes, and whether it came to its proper end. */
export async function receive(response: IncomingMessage) {
  const parts: Buffer[] = [];
  response.on('data', (bytes: Buffer) => parts.push(bytes));
  response.on('error', () => {});
  await new Promise((resolve) => response.once('close', resolve));
  return { bytes: Buffer.concat(parts), isComplete: response.complete };
}

/** So many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
