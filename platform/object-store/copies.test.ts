/** The contract of copies and listings, against the real store, with and without versions. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'minio';
import { testServers } from '../../test/support/servers.ts';
import { CopySourceChangedError } from './copies.ts';
import { ObjectNotFoundError, type ObjectStore, openObjectStore } from './object-store.ts';

const MIB = 2 ** 20;

async function storeWith(versioning: boolean): Promise<ObjectStore> {
  const { objectStore } = testServers();
  const { hostname, port } = new URL(objectStore.endpoint);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    ...objectStore,
  });
  const bucket = `copies-${randomUUID()}`;
  await client.makeBucket(bucket, objectStore.region);
  if (versioning) await client.setBucketVersioning(bucket, { Status: 'Enabled' });
  return openObjectStore({ ...objectStore, bucket, publicEndpoint: objectStore.endpoint });
}

async function put(store: ObjectStore, key: string, content: Buffer) {
  await store.put(key, content, 'text/plain');
  return { key, ...(await store.stat(key)) };
}

async function contentOf(store: ObjectStore, key: string, size: number): Promise<Buffer> {
  if (size === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(key, { offset: 0, length: size })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listed(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.versions(prefix)) found.push(key);
  return found.sort();
}

async function removeAll(store: ObjectStore, prefix: string): Promise<void> {
  for await (const { key, versionId } of store.versions(prefix)) await store.remove(key, versionId);
}

describe.each([
  ['without versions', false],
  ['with versions', true],
])('a bucket %s', (_, versioning) => {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await storeWith(versioning);
  });

  it.each([0, 1, 3 * MIB])('copies an object of %i bytes, as often as it is told', async (size) => {
    const content = randomBytes(size);
    const source = await put(store, `source/${randomUUID()}`, content);
    const key = `target/${randomUUID()}`;
    await store.copy(source, key);
    await store.copy(source, key);
    expect((await store.stat(key)).size).toBe(size);
    expect((await contentOf(store, key, size)).equals(content)).toBe(true);
  });

  it.each([0, 1, 3 * MIB])('opens an object of %i bytes and says which it is', async (size) => {
    const key = `opened/${randomUUID()}`;
    await put(store, key, randomBytes(9));
    const content = randomBytes(size);
    await put(store, key, content);
    const opened = await store.open(key);
    expect(opened.object).toEqual(await store.stat(key));
    expect(typeof opened.object.versionId).toBe(versioning ? 'string' : 'object');
    const chunks: Buffer[] = [];
    for await (const chunk of opened.content) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    await expect(store.open(`opened/${randomUUID()}`)).rejects.toThrow(ObjectNotFoundError);
  });

  it('copies only what was meant', async () => {
    const source = await put(store, `source/${randomUUID()}`, Buffer.from('first'));
    const target = `target/${randomUUID()}`;
    const other = { ...source, etag: '0123456789abcdef0123456789abcdef' };
    await expect(store.copy(other, target)).rejects.toThrow(CopySourceChangedError);
    const gone = { ...source, key: `source/${randomUUID()}`, versionId: null };
    await expect(store.copy(gone, target)).rejects.toThrow(ObjectNotFoundError);
    await expect(store.stat(target)).rejects.toThrow(ObjectNotFoundError);
    await store.put(source.key, Buffer.from('second'), 'text/plain');
    const copied = store.copy(source, target);
    if (versioning) {
      await copied;
      expect((await contentOf(store, target, 5)).toString()).toBe('first');
    } else {
      await expect(copied).rejects.toThrow(CopySourceChangedError);
    }
  });

  it('copies ranges as the parts of an upload, which is begun again where it was left', async () => {
    const content = randomBytes(12 * MIB);
    const source = await put(store, `source/${randomUUID()}`, content);
    const key = `target/${randomUUID()}`;
    const uploadId = await store.beginUpload(key, 'video/mp4');
    const partOf = (partNumber: number) => ({ key, uploadId, partNumber });
    const first = await store.copyPart(source, { offset: 0, length: 5 * MIB }, partOf(1));
    await store.copyPart(source, { offset: 5 * MIB, length: 7 * MIB }, partOf(2));
    const parts = await store.listParts(key, uploadId);
    expect(parts.map(({ partNumber, size }) => [partNumber, size])).toEqual([
      [1, 5 * MIB],
      [2, 7 * MIB],
    ]);
    expect(parts[0]?.etag).toBe(first);
    const other = { ...source, etag: '0123456789abcdef0123456789abcdef' };
    await expect(store.copyPart(other, { offset: 0, length: 5 }, partOf(1))).rejects.toThrow(
      CopySourceChangedError,
    );
    await store.completeUpload(key, uploadId, parts);
    expect((await contentOf(store, key, content.length)).equals(content)).toBe(true);
  });

  it('lists every version below a prefix, so that all can be removed', async () => {
    const prefix = `listed/${randomUUID()}/`;
    for (const name of ['a', 'b', 'b']) await put(store, `${prefix}${name}`, randomBytes(9));
    await put(store, `listed/${randomUUID()}/c`, randomBytes(9));
    const names = versioning ? ['a', 'b', 'b'] : ['a', 'b'];
    expect(await listed(store, prefix)).toEqual(names.map((name) => `${prefix}${name}`));
    await store.remove(`${prefix}a`);
    await removeAll(store, prefix);
    expect(await listed(store, prefix)).toEqual([]);
  });

  it('lists unfinished uploads, which are gone once aborted', async () => {
    const prefix = `unfinished/${randomUUID()}/`;
    const uploadId = await store.beginUpload(`${prefix}a`, 'video/mp4');
    await store.beginUpload(`unfinished/${randomUUID()}/b`, 'video/mp4');
    expect(await store.unfinishedUploads(prefix)).toEqual([
      { key: `${prefix}a`, uploadId, begunAt: expect.any(Date) },
    ]);
    expect(await store.unfinishedUploads(`${prefix}a`)).toHaveLength(1);
    await store.abortUpload(`${prefix}a`, uploadId);
    expect(await store.unfinishedUploads(prefix)).toEqual([]);
  });
});

it('lists more versions than a page of the store holds', async () => {
  const store = await storeWith(true);
  const names = Array.from(
    { length: 1_100 },
    (_, index) => `many/${String(index).padStart(4, '0')}`,
  );
  for (let first = 0; first < names.length; first += 50) {
    const some = names.slice(first, first + 50);
    await Promise.all(some.map((name) => store.put(name, Buffer.from(name), 'text/plain')));
  }
  expect(await listed(store, 'many/')).toEqual(names);
});
