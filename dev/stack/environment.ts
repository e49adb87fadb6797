import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../platform/config.ts';
import type { Mailbox } from '../servers/mailbox.ts';
import type { ObjectStore } from '../servers/object-store.ts';
import type { Temporal } from '../servers/temporal.ts';
import type { Secrets } from './kept.ts';
import type { PortName } from './options.ts';

/** Name of the variable that operator commands need in addition: the database as its owner. */
export const OWNER_VARIABLE = 'DATABASE_OWNER_URL';

/** Addresses of the servers that the configuration is made from. */
export interface Addresses {
  readonly databaseUrl: string;
  readonly objectStore: ObjectStore;
  readonly temporal: Temporal;
  readonly mailbox: Mailbox;
}

/** Origin of the API on this machine. */
export function apiOrigin(ports: Record<PortName, number>): string {
  return `http://127.0.0.1:${ports.api}`;
}

/** The environment of the API and the worker, checked. */
export function stackEnvironment(
  addresses: Addresses,
  ports: Record<PortName, number>,
  secrets: Secrets,
): Record<string, string> {
  const { databaseUrl, objectStore, temporal, mailbox } = addresses;
  const environment = {
    CASEBRIDGE_DEVELOPMENT: 'true',
    CASEBRIDGE_PUBLIC_URL: apiOrigin(ports),
    CASEBRIDGE_HOST: '127.0.0.1',
    CASEBRIDGE_PORT: String(ports.api),
    CASEBRIDGE_INTERNAL_PORT: String(ports['api-internal']),
    CASEBRIDGE_WORKER_PORT: String(ports.worker),
    DATABASE_URL: databaseUrl,
    S3_ENDPOINT: objectStore.endpoint,
    S3_REGION: objectStore.region,
    S3_BUCKET: objectStore.bucket,
    S3_ACCESS_KEY: objectStore.accessKey,
    S3_SECRET_KEY: objectStore.secretKey,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: 'casebridge@example.test',
    LINK_KEYS: secrets.linkKeys,
  };
  parseConfig(environment);
  return environment;
}

/** Writes `casebridge.env`, readable for its owner only, for `node --env-file`. Returns its path. */
export function writeEnvironmentFile(
  dataPath: string,
  environment: Readonly<Record<string, string>>,
): string {
  const file = join(dataPath, 'casebridge.env');
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(`${file}.draft`, lines.join(''), { mode: 0o600 });
  renameSync(`${file}.draft`, file);
  return file;
}
