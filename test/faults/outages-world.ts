/** Casebridge as processes, with a proxy before each thing that may go away, and clients with a ledger. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../dev/servers/ports.ts';
import { type Acting, unpoked } from '../../domain/act.ts';
import { type Database, openDatabase } from '../../platform/database.ts';
import { type ObjectStore, openObjectStore } from '../../platform/object-store/object-store.ts';
import { testEnvironment } from '../support/api.ts';
import { type BreakableProxy, startBreakableProxy } from '../support/breakable-proxy.ts';
import { type MailSink, startMailSink } from '../support/mail-sink.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { testServers } from '../support/servers.ts';
import { makeTestFolder, removeTestFolder } from '../support/test-folder.ts';
import { type Ledger, openLedger } from './ledger.ts';
import {
  type OutagePostgres,
  type OutageTemporal,
  ownPostgres,
  ownTemporal,
  sharedPostgres,
} from './outages-servers.ts';

/** What stands behind a proxy: the four servers, and the API as its clients reach it. */
export type Proxied = 'postgres' | 'store' | 'temporal' | 'smtp' | 'api';

export interface OutageWorld extends Acting {
  readonly proxies: Readonly<Record<Proxied, BreakableProxy>>;
  readonly postgres: OutagePostgres;
  readonly temporal: OutageTemporal;
  readonly mail: MailSink;
  /** Past the proxies, for set-up and for looking. */
  readonly database: Database;
  readonly store: ObjectStore;
  readonly ledger: Ledger;
  readonly ledgerFile: string;
  readonly api: TestProcess;
  readonly workers: TestProcess[];
  startWorker(): Promise<TestProcess>;
  stop(): Promise<void>;
}

/** How a world differs from the usual one. */
interface WorldOptions {
  /** A cluster that may be restarted, rather than the test run's. */
  readonly ownPostgres?: boolean;
  /** How many; one where not given. */
  readonly workers?: number;
}

/** Starts everything, or nothing. */
export async function startOutageWorld(options: WorldOptions = {}): Promise<OutageWorld> {
  const folder = await makeTestFolder();
  const stops: (() => Promise<void>)[] = [async () => removeTestFolder(folder)];
  /** In the other order than they were started. */
  const stop = async () => {
    for (const stopOne of stops.toReversed()) await stopOne();
  };
  try {
    return await startAll(folder, options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  folder: string,
  options: WorldOptions,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<OutageWorld> {
  const postgres = await (options.ownPostgres === true ? ownPostgres(folder) : sharedPostgres());
  stops.push(() => postgres.stop());
  const temporal = await ownTemporal(folder);
  stops.push(() => temporal.stop());
  const mail = await startMailSink();
  stops.push(() => mail.stop());
  const { objectStore } = testServers();
  const apiPort = await freePort();
  const before = async (origin: string) => {
    const proxy = await startBreakableProxy(origin);
    stops.push(() => proxy.close());
    return proxy;
  };
  const proxies = {
    postgres: await before(`http://127.0.0.1:${postgres.port}`),
    store: await before(objectStore.endpoint),
    temporal: await before(`http://127.0.0.1:${temporal.port}`),
    smtp: await before(mail.url.replace('smtp:', 'http:')),
    api: await before(`http://127.0.0.1:${apiPort}`),
  };
  const prefix = `outages-${randomBytes(4).toString('hex')}`;
  const start = async (entry: 'api/server.ts' | 'worker.ts', internalPort: string) => {
    const port = String(await freePort());
    const process = await startProcess(
      entry,
      testEnvironment(postgres.url(proxies.postgres.port), {
        CASEBRIDGE_PUBLIC_URL: proxies.api.endpoint,
        CASEBRIDGE_PORT: String(apiPort),
        [internalPort]: port,
        S3_ENDPOINT: proxies.store.endpoint,
        TEMPORAL_ADDRESS: `127.0.0.1:${proxies.temporal.port}`,
        TEMPORAL_TASK_QUEUE_PREFIX: prefix,
        SMTP_URL: `smtp://127.0.0.1:${proxies.smtp.port}`,
        UPLOAD_MINIMUM_PART_SIZE: String(5 * 1024 ** 2),
        LOG_LEVEL: 'info',
      }),
      port,
    );
    // Nobody asks it for an orderly end here.
    stops.push(() => process.kill());
    return process;
  };
  const startWorker = async () => start('worker.ts', 'CASEBRIDGE_WORKER_PORT');
  const api = await start('api/server.ts', 'CASEBRIDGE_INTERNAL_PORT');
  const workers: TestProcess[] = [];
  for (let count = options.workers ?? 1; count > 0; count -= 1) workers.push(await startWorker());
  const database = await openDatabase({ url: postgres.url(postgres.port), poolSize: 4 });
  stops.push(() => database.close());
  const ledgerFile = join(folder, 'ledger.jsonl');
  const ledger = openLedger(ledgerFile);
  stops.push(async () => ledger.close());
  return {
    ...unpoked(database),
    ...{ proxies, postgres, temporal, mail, database, ledger, ledgerFile, api, workers },
    ...{ startWorker, stop },
    store: openObjectStore({ ...objectStore, publicEndpoint: objectStore.endpoint }),
  };
}
