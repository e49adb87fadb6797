import { join } from 'node:path';
import pg from 'pg';
import { startChild } from './leash.ts';
import { freePort } from './ports.ts';
import { postgresAccount } from './postgres-account.ts';
import { ensureCluster, prepareFolder, usableDistribution } from './postgres-cluster.ts';
import { untilReady } from './ready.ts';
import { type RunningServer, type ServerOptions, serverEnvironment } from './running-server.ts';

/** Where PostgreSQL answers. */
export interface Postgres {
  readonly port: number;
  /** Connection string of the superuser `postgres` for a database. */
  readonly superuserUrl: (database: string) => string;
}

/** Settings that give up surviving a crash of the machine for speed: tests only. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

/** Starts PostgreSQL on the loopback interface, making its cluster when there is none. */
export async function startPostgres(
  options: ServerOptions & {
    readonly superuserPassword: string;
    /** Whether what is committed must survive a power cut. */
    readonly durable: boolean;
    readonly port?: number;
  },
): Promise<RunningServer<Postgres>> {
  const port = options.port ?? (await freePort());
  const { dataDir, superuserPassword } = options;
  const account = postgresAccount();
  await prepareFolder(dataDir, account);
  const distribution = await usableDistribution(dataDir, account);
  const cluster = join(dataDir, 'cluster');
  await ensureCluster(distribution, cluster, { ...options, account });

  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.durable ? {} : FAST),
  };
  const child = startChild({
    name: 'PostgreSQL',
    command: join(distribution, 'bin', 'postgres'),
    args: [
      '-D',
      cluster,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    cwd: dataDir,
    environment: serverEnvironment(dataDir),
    logFile: options.logFile,
    // The "fast" shutdown: open sessions are ended, and what is committed is kept.
    stopSignal: 'INT',
    graceSeconds: 20,
    account,
  });
  options.onChild?.(child);
  const superuserUrl = (database: string) =>
    postgresUrl({ user: 'postgres', password: superuserPassword, port, database });
  await untilReady(child, 60, () => query(superuserUrl('postgres'), 'SELECT 1'));
  return { ...child, port, superuserUrl };
}

/** The connection string for a user and a database of a server on this machine. */
export function postgresUrl(to: {
  user: string;
  password: string;
  port: number;
  database: string;
}): string {
  const password = encodeURIComponent(to.password);
  return `postgresql://${to.user}:${password}@127.0.0.1:${to.port}/${to.database}`;
}

/** Runs statements on a connection of their own. */
export async function query(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
