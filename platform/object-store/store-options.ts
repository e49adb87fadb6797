import type { Config } from '../config.ts';
import type { ObjectStoreOptions } from './object-store.ts';

/** Where the object store is and how to sign for it, as the configuration says. */
export function storeOptions(config: Config): ObjectStoreOptions {
  return {
    endpoint: config.S3_ENDPOINT,
    publicEndpoint: config.S3_PUBLIC_ENDPOINT ?? config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
  };
}
