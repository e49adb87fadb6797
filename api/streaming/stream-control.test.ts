import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { layoutZip } from '../../domain/archive/zip.ts';
import { openObjectStore } from '../../platform/object-store/object-store.ts';
import { createRangeReader, type RangeReader } from '../../platform/object-store/range-reader.ts';
import { type BreakableProxy, startBreakableProxy } from '../../test/support/breakable-proxy.ts';
import { eventually } from '../../test/support/eventually.ts';
import { testServers } from '../../test/support/servers.ts';
import {
  closeServers,
  download,
  MIB,
  receive,
  type StoredPackage,
  storePackage,
  turns,
} from '../../test/support/streams.ts';
import { streamSegments } from './stream.ts';

let proxy: BreakableProxy;
let reader: RangeReader;
let small: StoredPackage;
let large: StoredPackage;
beforeAll(async () => {
  const { objectStore } = testServers();
  const store = openObjectStore({ ...objectStore, publicEndpoint: objectStore.endpoint });
  proxy = await startBreakableProxy(objectStore.endpoint);
  reader = createRangeReader({ ...objectStore, endpoint: proxy.endpoint });
  small = await storePackage(store, [{ name: 'small.bin', content: randomBytes(5 * MIB) }]);
  large = await storePackage(store, [{ name: 'large.bin', content: randomBytes(48 * MIB) }]);
});
afterEach(closeServers);
afterAll(async () => {
  reader.close();
  await proxy.close();
});

describe('the gate of a stream', () => {
  it('cuts it when it refuses, and nothing more is written', async () => {
    let left = 5;
    let sent = 0;
    let atRefusal = 0;
    const { response, ended } = await download(reader, large.manifest, {
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
    const { response, ended } = await download(reader, small.manifest, {
      gate: () => answer.promise,
      onSent: (bytes) => {
        sent += bytes;
      },
    });
    await eventually('the store to be read', () => proxy.forwarded > 0);
    expect(sent).toBe(0);
    answer.resolve();
    expect((await receive(response)).isComplete).toBe(true);
    expect((await ended).end).toBe('complete');
  });
});

describe('a stream and its receiver', () => {
  it('is cut by its signal at once, also while the receiver takes nothing', async () => {
    const controller = new AbortController();
    const { response, ended } = await download(reader, large.manifest, {
      signal: controller.signal,
    });
    response.on('error', () => {});
    response.pause();
    await eventually('the store to be read', () => proxy.forwarded > 0);
    controller.abort(new Error('revoked'));
    expect(await ended).toMatchObject({ end: 'cut', reason: { message: 'revoked' } });
  });

  it('is not begun when it was cut before', async () => {
    const { response, ended } = await download(reader, small.manifest, {
      signal: AbortSignal.abort(),
    });
    expect((await receive(response)).isComplete).toBe(false);
    expect(await ended).toMatchObject({ end: 'cut', bytes: 0 });
  });

  it('stops reading from the store when the receiver goes', async () => {
    const own = createRangeReader({ ...testServers().objectStore, endpoint: proxy.endpoint });
    const { response, ended } = await download(own, large.manifest);
    response.on('error', () => {});
    await once(response, 'readable');
    response.destroy();
    expect(await ended).toMatchObject({ end: 'receiver-gone' });
    await eventually('no read to be under way', () => own.connections === 0);
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
