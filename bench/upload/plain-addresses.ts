import { randomUUID } from 'node:crypto';
import { Client } from 'minio';
import { testServers } from '../../test/support/servers.ts';

const PART = 16 * 2 ** 20;

/** A range of the file, and where a plain PUT may put it as an object of its own. */
export interface PlainPut {
  readonly offset: number;
  readonly length: number;
  readonly url: string;
}

/** Addresses for a file in pieces as large as the parts of an upload: signed beforehand. */
export async function plainAddresses(size: number): Promise<PlainPut[]> {
  const { endpoint, region, bucket, accessKey, secretKey } = testServers().objectStore;
  const { hostname, port } = new URL(endpoint);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    region,
    accessKey,
    secretKey,
  });
  const folder = `bench/${randomUUID()}`;
  return Promise.all(
    Array.from({ length: Math.ceil(size / PART) }, async (_, index) => ({
      offset: index * PART,
      length: Math.min(PART, size - index * PART),
      url: await client.presignedPutObject(bucket, `${folder}/${index}`, 3_600),
    })),
  );
}
