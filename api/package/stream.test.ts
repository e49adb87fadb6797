import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ArchiveFile, ArchiveManifest } from '../../domain/archive/manifest.ts';
import { layoutZip } from '../../domain/archive/zip.ts';
import { type ObjectStore, openObjectStore } from '../../platform/object-store/object-store.ts';
import { createRangeReader, type RangeReader } from '../../platform/object-store/range-reader.ts';
import { archiveBytes, type TestFile, testManifest } from '../../test/support/archives.ts';
import { type BreakableProxy, startBreakableProxy } from '../../test/support/breakable-proxy.ts';
import { testServers } from '../../test/support/servers.ts';
import { type StreamEnd, type StreamOptions, streamSegments } from './stream.ts';

const MIB = 2 ** 20;

interface Package {
  readonly files: readonly TestFile[];
  readonly manifest: ArchiveManifest;
}

let store: ObjectStore;
let proxy: BreakableProxy;
let reader: RangeReader;
let mixed: Package;
let large: Package;

/** Stores the files and gives the manifest of a package of them. */
async function storePackage(files: readonly (TestFile & { content: Buffer })[]): Promise<Package> {
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

function changeFile({ manifest }: Package, index: number, change: Partial<ArchiveFile>) {
  const files = manifest.files.map((file, at) => (at === index ? { ...file, ...change } : file));
  return { ...manifest, files };
}

beforeAll(async () => {
  const { objectStore } = testServers();
  store = openObjectStore({ ...objectStore, publicEndpoint: objectStore.endpoint });
  proxy = await startBreakableProxy(objectStore.endpoint);
  reader = createRangeReader({ ...objectStore, endpoint: proxy.endpoint });
  mixed = await storePackage([
    ...Array.from({ length: 60 }, (_, index) => ({
      name: `small/${index}.bin`,
      content: randomBytes(randomInt(40_000)),
    })),
    { name: 'empty.bin', content: Buffer.alloc(0) },
    { name: 'large.bin', content: randomBytes(5 * MIB) },
    { name: 'last.txt', content: Buffer.from('last') },
  ]);
  large = await storePackage([{ name: 'large.bin', content: randomBytes(48 * MIB) }]);
});

afterAll(async () => {
  reader.close();
  await proxy.close();
});

interface Download {
  readonly response: IncomingMessage;
  /** How the stream ended on the server. */
  readonly ended: Promise<StreamEnd>;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Serves a range of the archive once, over real HTTP, and asks for it. */
async function download(
  manifest: ArchiveManifest,
  options: StreamOptions = {},
  range?: { start: number; end: number },
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
async function receive(response: IncomingMessage) {
  const parts: Buffer[] = [];
  response.on('data', (bytes: Buffer) => parts.push(bytes));
  response.on('error', () => {});
  await new Promise((resolve) => response.once('close', resolve));
  return { bytes: Buffer.concat(parts), isComplete: response.complete };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it did not come to pass within 20 s');
    await turns(1);
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the stream of a package', () => {
  it('has the bytes of its layout, and says how many the system took', async () => {
    let sent = 0;
    const { response, ended } = await download(mixed.manifest, {
      onSent: (bytes) => {
        sent += bytes;
      },
    });
    const { bytes, isComplete } = await receive(response);
    expect(isComplete).toBe(true);
    expect(bytes.equals(archiveBytes(layoutZip(mixed.manifest), mixed.files))).toBe(true);
    expect(await ended).toEqual({ end: 'complete', bytes: bytes.length });
    expect(sent).toBe(bytes.length);
  });

  it('has the right bytes for any range', async () => {
    const whole = archiveBytes(layoutZip(mixed.manifest), mixed.files);
    for (let round = 0; round < 25; round += 1) {
      const start = randomInt(whole.length);
      const end = start + 1 + randomInt(whole.length - start);
      const { response } = await download(mixed.manifest, {}, { start, end });
      const { bytes } = await receive(response);
      expect(bytes.equals(whole.subarray(start, end))).toBe(true);
    }
  });

  it('survives connections to the store that break', async () => {
    proxy.breakEvery(MIB);
    const { response, ended } = await download(large.manifest);
    const { bytes } = await receive(response);
    proxy.breakEvery(undefined);
    expect((await ended).end).toBe('complete');
    expect(bytes.equals(archiveBytes(layoutZip(large.manifest), large.files))).toBe(true);
    expect(proxy.broken).toBeGreaterThan(10);
  });

  it('of no files is the tag files alone', async () => {
    const { response, ended } = await download(testManifest([]));
    expect((await receive(response)).isComplete).toBe(true);
    expect((await ended).end).toBe('complete');
  });
});

describe('a stream that cannot go on', () => {
  it.each<[string, (file: ArchiveFile) => Partial<ArchiveFile>, string]>([
    [
      'an object is missing',
      (file) => ({ object: { ...file.object, key: 'stream/none' } }),
      'ObjectMissingError',
    ],
    [
      'an object has changed',
      (file) => ({ object: { ...file.object, etag: '0'.repeat(32) } }),
      'ObjectChangedError',
    ],
    [
      'the bytes are not those that were verified',
      (file) => ({ crc32: (file.crc32 ^ 1) >>> 0 }),
      'MemberDamagedError',
    ],
  ])('because %s breaks the connection, never ending short', async (_, change, name) => {
    const index = mixed.files.length - 2;
    const file = mixed.manifest.files[index];
    if (file === undefined) throw new Error('the package has this file');
    const manifest = changeFile(mixed, index, change(file));
    const { response, ended } = await download(manifest);
    const { bytes, isComplete } = await receive(response);
    expect(isComplete).toBe(false);
    expect(bytes.length).toBeLessThan(layoutZip(manifest).size);
    expect(await ended).toMatchObject({ end: 'failed', error: { name } });
  });

  it('withholds the end of a member that is not what was verified', async () => {
    const bytes = large.manifest.files[0]?.size ?? 0;
    const manifest = changeFile(large, 0, { crc32: crc32('other') });
    const { response, ended } = await download(manifest);
    const received = await receive(response);
    const before = [...layoutZip(manifest).segments()][0];
    const header = before?.type === 'literal' ? before.bytes.length : 0;
    expect(received.bytes.length).toBeLessThan(header + bytes);
    expect(await ended).toMatchObject({
      end: 'failed',
      error: { name: 'MemberDamagedError', file: 0 },
    });
  });

  it('because the store is lost breaks the connection', async () => {
    const { objectStore } = testServers();
    const lost = await startBreakableProxy(objectStore.endpoint);
    const unlucky = createRangeReader({ ...objectStore, endpoint: lost.endpoint });
    const usual = reader;
    reader = unlucky;
    const { response, ended } = await download(large.manifest);
    reader = usual;
    await until(() => lost.forwarded > MIB);
    await lost.close();
    const { isComplete } = await receive(response);
    expect(isComplete).toBe(false);
    expect(await ended).toMatchObject({ end: 'failed', error: { name: 'ObjectReadError' } });
    unlucky.close();
  });
});

describe('the gate of a stream', () => {
  it('cuts it when it refuses, and nothing more is written', async () => {
    let left = 5;
    let sent = 0;
    let atRefusal = 0;
    const { response, ended } = await download(large.manifest, {
      gate() {
        left -= 1;
        if (left > 0) return;
        atRefusal = sent;
        throw new Error('revoked');
      },
      onSent: (bytes) => {
        sent += bytes;
      },
    });
    const { bytes, isComplete } = await receive(response);
    expect(isComplete).toBe(false);
    expect(await ended).toMatchObject({ end: 'cut', reason: { message: 'revoked' } });
    expect(bytes.length).toBeLessThan(2 * MIB);
    expect(sent - atRefusal).toBeLessThan(MIB);
  });

  it('holds it while it has no answer', async () => {
    const answer = Promise.withResolvers<void>();
    let sent = 0;
    const { response, ended } = await download(mixed.manifest, {
      gate: () => answer.promise,
      onSent: (bytes) => {
        sent += bytes;
      },
    });
    await until(() => proxy.forwarded > 0);
    expect(sent).toBe(0);
    answer.resolve();
    expect((await receive(response)).isComplete).toBe(true);
    expect((await ended).end).toBe('complete');
  });
});

describe('a stream and its receiver', () => {
  it('is cut by its signal at once, also while the receiver takes nothing', async () => {
    const controller = new AbortController();
    const { response, ended } = await download(large.manifest, { signal: controller.signal });
    response.on('error', () => {});
    response.pause();
    await until(() => proxy.forwarded > 0);
    controller.abort(new Error('revoked'));
    expect(await ended).toMatchObject({ end: 'cut', reason: { message: 'revoked' } });
  });

  it('is not begun when it was cut before', async () => {
    const { response, ended } = await download(mixed.manifest, { signal: AbortSignal.abort() });
    expect((await receive(response)).isComplete).toBe(false);
    expect(await ended).toMatchObject({ end: 'cut', bytes: 0 });
  });

  it('stops reading from the store when the receiver goes', async () => {
    const own = createRangeReader({ ...testServers().objectStore, endpoint: proxy.endpoint });
    const usual = reader;
    reader = own;
    const { response, ended } = await download(large.manifest);
    reader = usual;
    response.on('error', () => {});
    await once(response, 'readable');
    response.destroy();
    expect(await ended).toMatchObject({ end: 'receiver-gone' });
    await until(() => own.connections === 0);
    own.close();
  });

  it('keeps no more in memory than a bound, however slow the receiver', async () => {
    const direct = createRangeReader(testServers().objectStore);
    const before = process.memoryUsage().arrayBuffers;
    let furthest = 0;
    const slow = new Writable({
      write(_bytes, _encoding, done) {
        furthest = Math.max(furthest, process.memoryUsage().arrayBuffers - before);
        // Whoever is not held back reads the whole object within so many turns of the loop.
        void turns(10).then(() => done());
      },
    });
    const ended = await streamSegments(layoutZip(large.manifest).segments(), direct, slow);
    direct.close();
    expect(ended.end).toBe('complete');
    expect(furthest).toBeLessThan(8 * MIB);
  });
});
