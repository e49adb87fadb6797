import { join } from 'node:path';
import { APP_ROLE, ensureRoles, makeDatabase, OWNER_ROLE } from '../servers/database-roles.ts';
import type { Child } from '../servers/leash.ts';
import { startMailbox } from '../servers/mailbox.ts';
import { startObjectStore } from '../servers/object-store.ts';
import { postgresUrl, startPostgres } from '../servers/postgres.ts';
import { startTemporal } from '../servers/temporal.ts';
import type { Addresses } from './environment.ts';
import type { Secrets } from './kept.ts';
import type { PortName } from './options.ts';
import type { Supervisor } from './supervisor.ts';

const DATABASE = 'casebridge';
const BUCKET = 'casebridge';

/** What the servers of a stack are started with. */
export interface StackServersOptions {
  readonly dataPath: string;
  readonly ports: Record<PortName, number>;
  readonly secrets: Secrets;
  readonly supervisor: Supervisor;
  /** Told how long each part took, in milliseconds. */
  readonly onReady: (what: string, milliseconds: number) => void;
  /** Brings the database to the current schema, as its owner. */
  readonly migrate: (ownerUrl: string, applicationRole: string) => Promise<void>;
}

/** Starts all servers at once, and migrates the database as soon as PostgreSQL answers. */
export async function startServers(
  options: StackServersOptions,
): Promise<Addresses & { readonly ownerUrl: string }> {
  const { dataPath, ports, secrets, supervisor } = options;
  const place = (name: string) => ({
    dataDir: join(dataPath, name),
    logFile: join(dataPath, 'logs', `${name}.log`),
    onChild: supervisor.adopt('server'),
  });
  async function part<T extends Child>(what: string, starting: Promise<T>): Promise<T> {
    const server = await timed(options, what, starting);
    supervisor.expectAlive(server);
    return server;
  }
  const [database, temporal, objectStore, mailbox] = await Promise.all([
    part(
      'PostgreSQL',
      startPostgres({
        ...place('postgres'),
        port: ports.postgres,
        superuserPassword: secrets.postgresSuperuser,
        durable: true,
      }),
    ).then((postgres) => prepareDatabase(options, postgres.superuserUrl)),
    part(
      'Temporal',
      startTemporal({
        ...place('temporal'),
        port: ports.temporal,
        uiPort: ports['temporal-ui'],
        storage: 'file',
      }),
    ),
    part(
      'Object store',
      startObjectStore({
        ...place('object-store'),
        port: ports.s3,
        bucket: BUCKET,
        accessKey: secrets.s3AccessKey,
        secretKey: secrets.s3SecretKey,
        allowedOrigins: [`http://127.0.0.1:${ports.api}`, `http://localhost:${ports.api}`],
      }),
    ),
    part(
      'Mailbox',
      startMailbox({ ...place('mailbox'), smtpPort: ports.smtp, webPort: ports.mailbox }),
    ),
  ]);
  return { ...database, temporal, objectStore, mailbox };
}

async function prepareDatabase(
  options: StackServersOptions,
  superuserUrl: (database: string) => string,
): Promise<{ databaseUrl: string; ownerUrl: string }> {
  const { ports, secrets } = options;
  const urlFor = (user: string, password: string) =>
    postgresUrl({ user, password, port: ports.postgres, database: DATABASE });
  const ownerUrl = urlFor(OWNER_ROLE, secrets.databaseOwner);
  await ensureRoles(superuserUrl('postgres'), {
    owner: secrets.databaseOwner,
    app: secrets.databaseApp,
  });
  await makeDatabaseOnce(superuserUrl);
  await timed(options, 'Migrations', options.migrate(ownerUrl, APP_ROLE));
  return { ownerUrl, databaseUrl: urlFor(APP_ROLE, secrets.databaseApp) };
}

async function makeDatabaseOnce(superuserUrl: (database: string) => string): Promise<void> {
  try {
    await makeDatabase(superuserUrl('postgres'), DATABASE);
  } catch (error) {
    const DUPLICATE_DATABASE = '42P04';
    if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw error;
  }
}

async function timed<T>(options: StackServersOptions, what: string, work: Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work;
  options.onReady(what, performance.now() - start);
  return result;
}
