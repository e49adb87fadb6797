import { randomUUID } from 'node:crypto';
import { Client } from 'minio';
import { type ObjectStore, openObjectStore } from '../../platform/object-store/object-store.ts';
import { testServers } from './servers.ts';

/** A bucket of its own that keeps every version of its objects. */
export async function buildVersionedStore(): Promise<ObjectStore> {
  const { objectStore } = testServers();
  const { hostname, port } = new URL(objectStore.endpoint);
  const client = new Client({
    ...objectStore,
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
  });
  const bucket = `versions-${randomUUID()}`;
  await client.makeBucket(bucket, objectStore.region);
  await client.setBucketVersioning(bucket, { Status: 'Enabled' });
  return openObjectStore({ ...objectStore, bucket, publicEndpoint: objectStore.endpoint });
}
