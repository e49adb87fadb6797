import { randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ArchiveFile } from '../../domain/archive/manifest.ts';
import { layoutZip } from '../../domain/archive/zip.ts';
import { openObjectStore } from '../../platform/object-store/object-store.ts';
import { createRangeReader, type RangeReader } from '../../platform/object-store/range-reader.ts';
import { archiveBytes, testManifest } from '../../test/support/archives.ts';
import { type BreakableProxy, startBreakableProxy } from '../../test/support/breakable-proxy.ts';
import { eventually } from '../../test/support/eventually.ts';
import { testServers } from '../../test/support/servers.ts';
import {
  changeFile,
  closeServers,
  download,
  MIB,
  receive,
  type StoredPackage,
  storePackage,
} from '../../test/support/streams.ts';

let proxy: BreakableProxy;
let reader: RangeReader;
let mixed: StoredPackage;
let large: StoredPackage;
beforeAll(async () => {
  const { objectStore } = testServers();
  const store = openObjectStore({ ...objectStore, publicEndpoint: objectStore.endpoint });
  proxy = await startBreakableProxy(objectStore.endpoint);
  reader = createRangeReader({ ...objectStore, endpoint: proxy.endpoint });
  mixed = await storePackage(store, [
    ...Array.from({ length: 60 }, (_, index) => ({
      name: `small/${index}.bin`,
      content: randomBytes(randomInt(40_000)),
    })),
    { name: 'empty.bin', content: Buffer.alloc(0) },
    { name: 'large.bin', content: randomBytes(5 * MIB) },
    { name: 'last.txt', content: Buffer.from('last') },
  ]);
  large = await storePackage(store, [{ name: 'large.bin', content: randomBytes(48 * MIB) }]);
});
afterEach(closeServers);
afterAll(async () => {
  reader.close();
  await proxy.close();
});

describe('the stream of a package', () => {
  it('has the bytes of its layout, and says how many the system took', async () => {
    let sent = 0;
    const { response, ended } = await download(reader, mixed.manifest, {
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
      const { response } = await download(reader, mixed.manifest, {}, { start, end });
      const { bytes } = await receive(response);
      expect(bytes.equals(whole.subarray(start, end))).toBe(true);
    }
  });

  it('survives connections to the store that break', async () => {
    proxy.breakEvery(MIB);
    const { response, ended } = await download(reader, large.manifest);
    const { bytes } = await receive(response);
    proxy.breakEvery(undefined);
    expect((await ended).end).toBe('complete');
    expect(bytes.equals(archiveBytes(layoutZip(large.manifest), large.files))).toBe(true);
    expect(proxy.broken).toBeGreaterThan(10);
  });

  it('of no files is the tag files alone', async () => {
    const { response, ended } = await download(reader, testManifest([]));
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
    const { response, ended } = await download(reader, manifest);
    const { bytes, isComplete } = await receive(response);
    expect(isComplete).toBe(false);
    expect(bytes.length).toBeLessThan(layoutZip(manifest).size);
    expect(await ended).toMatchObject({ end: 'failed', error: { name } });
  });

  it('withholds the end of a member that is not what was verified', async () => {
    const bytes = large.manifest.files[0]?.size ?? 0;
    const manifest = changeFile(large, 0, { crc32: crc32('other') });
    const { response, ended } = await download(reader, manifest);
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
    const { response, ended } = await download(unlucky, large.manifest);
    await eventually('a part to be read', () => lost.forwarded > MIB);
    await lost.close();
    const { isComplete } = await receive(response);
    expect(isComplete).toBe(false);
    expect(await ended).toMatchObject({ end: 'failed', error: { name: 'ObjectReadError' } });
    unlucky.close();
  });
});
