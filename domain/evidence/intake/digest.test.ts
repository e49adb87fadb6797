/** Reading the object that lies under a key now, on the real store and on one that fails. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  ObjectNotFoundError,
  type ObjectStore,
} from '../../../platform/object-store/object-store.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { readCurrent } from './digest.ts';

const MIB = 2 ** 20;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

const never = () => new AbortController().signal;

function digestOf(content: Buffer) {
  return {
    sha256: createHash('sha256').update(content).digest('hex'),
    crc32: crc32(content),
  };
}

async function put(content: Buffer): Promise<string> {
  const key = `digest/${randomUUID()}`;
  await api.store.put(key, content, 'video/mp4');
  return key;
}

/** The store, which counts what is asked of it; what it opens is changed first. */
function watched(changed: (content: Readable) => Readable = (content) => content) {
  const asked: string[] = [];
  const store: ObjectStore = {
    ...api.store,
    open: async (key) => {
      asked.push('open');
      const opened = await api.store.open(key);
      return { ...opened, content: changed(opened.content) };
    },
    read: async (...of) => {
      asked.push('read');
      return api.store.read(...of);
    },
    stat: async (...of) => {
      asked.push('stat');
      return api.store.stat(...of);
    },
  };
  return { store, asked };
}

/** Gives some bytes, then what is told. */
function cut(end: (stream: Readable) => void) {
  return (content: Readable) => {
    const some = new Readable({ read: () => undefined });
    content.once('data', (chunk: Buffer) => {
      content.destroy();
      some.push(chunk.subarray(0, 100));
      setImmediate(() => end(some));
    });
    return some;
  };
}

test.each([0, 1, 3 * MIB])('an object of %i bytes is read whole, in one request', async (size) => {
  const content = randomBytes(size);
  const key = await put(content);
  const { store, asked } = watched();
  const { object, digest } = await readCurrent(store, key, never());
  expect(object).toEqual(await api.store.stat(key));
  expect(digest).toEqual(digestOf(content));
  expect(asked).toEqual(['open']);
});

test.each([
  ['breaks off', cut((stream) => stream.destroy(new Error('lost')))],
  ['ends too early', cut((stream) => stream.push(null))],
])('a reading that %s is taken up, of the same object', async (_, changed) => {
  const content = randomBytes(MIB);
  const key = await put(content);
  const { store, asked } = watched(changed);
  const { object, digest } = await readCurrent(store, key, never());
  expect(object).toEqual(await api.store.stat(key));
  expect(digest).toEqual(digestOf(content));
  expect(asked.slice(0, 2)).toEqual(['open', 'read']);
});

test('a reading that breaks off of an object that was replaced meanwhile gives no digest', async () => {
  const key = await put(randomBytes(MIB));
  const { store } = watched(cut((stream) => stream.destroy(new Error('lost'))));
  const replacing: ObjectStore = {
    ...store,
    read: async (...of) => {
      await api.store.put(key, randomBytes(MIB), 'video/mp4');
      return store.read(...of);
    },
  };
  await expect(readCurrent(replacing, key, never())).rejects.toThrow('was replaced');
});

test('a reading that is cancelled goes no further', async () => {
  const key = await put(randomBytes(MIB));
  const cancelling = new AbortController();
  const { store, asked } = watched(cut(() => cancelling.abort()));
  await expect(readCurrent(store, key, cancelling.signal)).rejects.toThrow('aborted');
  expect(asked).toEqual(['open']);
});

test('what is not there is not there', async () => {
  const reading = readCurrent(api.store, `digest/${randomUUID()}`, never());
  await expect(reading).rejects.toThrow(ObjectNotFoundError);
});
