import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'minio';
import { type BreakableProxy, startBreakableProxy } from '../../test/support/breakable-proxy.ts';
import { testServers } from '../../test/support/servers.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { createRangeReader, type ObjectRange, type RangeReader } from './range-reader.ts';
import { ObjectChangedError, ObjectMissingError, ObjectReadError } from './read-errors.ts';

const MIB = 2 ** 20;
let store: ObjectStore;
let proxy: BreakableProxy;
let reader: RangeReader;
const content = randomBytes(20 * MIB);
let object: ObjectRange;

async function bytesOf(range: ObjectRange, from = reader): Promise<Buffer> {
  const parts: Buffer[] = [];
  const read = from.read(range);
  for (let chunk = await read.next(); chunk !== null; chunk = await read.next()) {
    parts.push(Buffer.from(chunk.bytes));
    chunk.release();
  }
  return Buffer.concat(parts);
}

async function put(key: string, bytes: Buffer): Promise<ObjectRange> {
  await store.put(key, bytes, 'application/octet-stream');
  const { etag, versionId } = await store.stat(key);
  return { key, etag, versionId, offset: 0, length: bytes.length };
}

beforeAll(async () => {
  const { objectStore } = testServers();
  store = openObjectStore({ ...objectStore, publicEndpoint: objectStore.endpoint });
  proxy = await startBreakableProxy(objectStore.endpoint);
  reader = createRangeReader({ ...objectStore, endpoint: proxy.endpoint });
  object = await put(`reader/${randomUUID()}`, content);
});

afterAll(async () => {
  reader.close();
  await proxy.close();
});

describe('a range of an object', () => {
  it('is read exactly, wherever it lies', async () => {
    for (let round = 0; round < 40; round += 1) {
      const offset = randomInt(content.length);
      const length = 1 + randomInt(round % 2 === 0 ? 300 : content.length - offset);
      const clipped = Math.min(length, content.length - offset);
      const bytes = await bytesOf({ ...object, offset, length: clipped });
      expect(bytes.equals(content.subarray(offset, offset + clipped))).toBe(true);
    }
  });

  it('is read by many at once without mixing', async () => {
    const offsets = Array.from({ length: 60 }, () => randomInt(content.length - 70_000));
    const all = await Promise.all(
      offsets.map((offset) => bytesOf({ ...object, offset, length: 70_000 })),
    );
    const isRight = offsets.map((offset, index) =>
      content.subarray(offset, offset + 70_000).equals(all[index] ?? Buffer.alloc(0)),
    );
    expect(isRight).not.toContain(false);
  });

  it('waits for a connection where there are no more', async () => {
    const narrow = createRangeReader({ ...testServers().objectStore, maxConnections: 2 });
    const all = await Promise.all(
      Array.from({ length: 12 }, () => bytesOf({ ...object, length: 200_000 }, narrow)),
    );
    expect(all.every((bytes) => bytes.equals(content.subarray(0, 200_000)))).toBe(true);
    expect(narrow.connections).toBeLessThanOrEqual(2);
    narrow.close();
  });

  it('is found under any key', async () => {
    const key = `reader/${randomUUID()}/ä b'(c)*!~+&=%41$@:;,`;
    const small = Buffer.from('small');
    expect(await bytesOf(await put(key, small))).toEqual(small);
  });

  it('is of the version that was meant, after another was written', async () => {
    const { objectStore } = testServers();
    const { hostname, port } = new URL(objectStore.endpoint);
    const client = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      ...objectStore,
    });
    const bucket = `versions-${randomUUID()}`;
    await client.makeBucket(bucket, objectStore.region);
    await client.setBucketVersioning(bucket, { Status: 'Enabled' });
    const first = await client.putObject(bucket, 'key', Buffer.from('first'));
    await client.putObject(bucket, 'key', Buffer.from('second'));
    const versioned = createRangeReader({ ...objectStore, bucket });
    const bytes = await bytesOf(
      { key: 'key', versionId: first.versionId, etag: first.etag, offset: 1, length: 3 },
      versioned,
    );
    versioned.close();
    expect(bytes.toString()).toBe('irs');
  });
});

describe('an object that cannot be read', () => {
  it('because it is missing is said to be', async () => {
    await expect(bytesOf({ ...object, key: 'reader/none' })).rejects.toThrow(ObjectMissingError);
  });

  it('because it was written anew is said to have changed', async () => {
    const changing = await put(`reader/${randomUUID()}`, Buffer.from('before'));
    await put(changing.key, Buffer.from('behind'));
    await expect(bytesOf(changing)).rejects.toThrow(ObjectChangedError);
  });

  it('because it is shorter than was said has changed', async () => {
    const beyond = { ...object, offset: content.length, length: 10 };
    await expect(bytesOf(beyond)).rejects.toThrow(ObjectChangedError);
    const across = { ...object, offset: content.length - 5, length: 10 };
    await expect(bytesOf(across)).rejects.toThrow(ObjectReadError);
  });

  it('because the key is refused is not tried again', async () => {
    const stranger = createRangeReader({ ...testServers().objectStore, secretKey: 'wrong' });
    await expect(bytesOf(object, stranger)).rejects.toMatchObject({ retryable: false });
    stranger.close();
  });

  it('because its reading was cancelled tells the one who waits', async () => {
    const read = reader.read(object);
    const waiting = (async () => {
      for (let chunk = await read.next(); chunk !== null; chunk = await read.next()) {
        chunk.release();
      }
    })();
    read.cancel();
    await expect(waiting).rejects.toThrow(ObjectReadError);
  });
});

describe('a connection that breaks', () => {
  it('in the middle of a body is replaced, and reading goes on at the exact byte', async () => {
    proxy.breakEvery(3 * MIB + 7);
    const bytes = await bytesOf(object);
    proxy.breakEvery(undefined);
    expect(bytes.equals(content)).toBe(true);
    expect(proxy.broken).toBeGreaterThanOrEqual(5);
  });

  it('for good fails as retryable', async () => {
    const lost = await startBreakableProxy(testServers().objectStore.endpoint);
    const unlucky = createRangeReader({ ...testServers().objectStore, endpoint: lost.endpoint });
    const read = unlucky.read(object);
    await read.next();
    await lost.close();
    const rest = (async () => {
      while ((await read.next()) !== null);
    })();
    await expect(rest).rejects.toMatchObject({ name: 'ObjectReadError', retryable: true });
    unlucky.close();
  });
});

describe('a store that answers wrongly', () => {
  const answers: [string, (response: ServerResponse) => void, unknown][] = [
    [
      'the whole instead of the range',
      (response) =>
        response.writeHead(200, { ETag: object.etag, 'Content-Length': 9 }).end('012345678'),
      { retryable: false },
    ],
    [
      'another range',
      (response) =>
        response
          .writeHead(206, {
            ETag: object.etag,
            'Content-Range': 'bytes 1-4/9',
            'Content-Length': 4,
          })
          .end('1234'),
      { retryable: false },
    ],
    [
      'another entity tag',
      (response) =>
        response
          .writeHead(206, { ETag: '"x"', 'Content-Range': 'bytes 0-3/9', 'Content-Length': 4 })
          .end('0123'),
      { name: 'ObjectChangedError' },
    ],
    [
      'chunks without a length',
      (response) =>
        response.writeHead(206, { ETag: object.etag, 'Content-Range': 'bytes 0-3/9' }).end('0123'),
      { retryable: false },
    ],
  ];

  it.each(answers)('with %s is not believed', async (_, answer, expected) => {
    const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const believer = createRangeReader({
      ...testServers().objectStore,
      endpoint: `http://127.0.0.1:${port}`,
    });
    await expect(bytesOf({ ...object, length: 4 }, believer)).rejects.toMatchObject(
      expected as Record<string, unknown>,
    );
    believer.close();
    server.close();
  });
});
