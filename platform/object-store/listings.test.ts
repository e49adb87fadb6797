/** Listings of more than a store gives at once. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testServers } from '../../test/support/servers.ts';
import { openObjectStore } from './object-store.ts';

test('unfinished uploads are listed beyond the thousand that a store gives at once', async () => {
  const { objectStore } = testServers();
  const store = openObjectStore({ ...objectStore, publicEndpoint: objectStore.endpoint });
  const begun: string[] = [];
  const waiting = Array.from({ length: 1_003 }, (_, index) => `many-unfinished/${index}`);
  const lane = async () => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      begun.push(`${key} ${await store.beginUpload(key, 'a/b')}`);
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  const listed = await store.unfinishedUploads('many-unfinished/');
  const names = listed.map(({ key, uploadId }) => `${key} ${uploadId}`);
  expect(names.toSorted()).toEqual(begun.toSorted());
});

test('a store that gives the same page of unfinished uploads again is not asked for ever', async () => {
  const page = `<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><Upload><Key>k</Key>
    <UploadId>u</UploadId></Upload></ListMultipartUploadsResult>`;
  const server = createServer((_request, response) => response.end(page));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = openObjectStore({
    ...testServers().objectStore,
    ...{ endpoint, publicEndpoint: endpoint },
  });
  await expect(store.unfinishedUploads('')).rejects.toThrow('does not say where');
  server.close();
});
