import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  APP_ROLE,
  ensureRoles,
  makeDatabase,
  OWNER_ROLE,
} from '../../dev/servers/database-roles.ts';
import type { Child } from '../../dev/servers/leash.ts';
import { startObjectStore } from '../../dev/servers/object-store.ts';
import { postgresUrl, query, startPostgres } from '../../dev/servers/postgres.ts';
import { startTemporal } from '../../dev/servers/temporal.ts';
import { migrate } from '../../domain/migrations/migrate.ts';
import { superuserUrl, TEMPLATE_DATABASE, type TestServers } from './servers.ts';

/** Servers of a test run that this process started. */
export interface StartedServers {
  readonly servers: TestServers;
  readonly stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL with a migrated template database, Temporal and the object store, all at once.
 * When one fails, the others are stopped and the failure is thrown.
 */
export async function startTestServers(folder: string): Promise<StartedServers> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(stops.map((stopOne) => stopOne()));
  };
  async function kept<T extends Child>(starting: Promise<T>): Promise<T> {
    const server = await starting;
    stops.push(() => end(server));
    return server;
  }

  const starting = [
    startDatabase(folder, kept),
    kept(startTemporal({ ...place(folder, 'temporal'), storage: 'memory' })),
    kept(
      startObjectStore({
        ...place(folder, 'object-store'),
        bucket: 'casebridge-test',
        accessKey: secret(),
        secretKey: secret(),
      }),
    ),
  ] as const;
  try {
    const [postgres, temporal, objectStore] = await Promise.all(starting);
    return { servers: { postgres, temporal, objectStore }, stop };
  } catch (error) {
    await Promise.allSettled(starting);
    await stop();
    throw error;
  }
}

async function startDatabase(
  folder: string,
  kept: <T extends Child>(starting: Promise<T>) => Promise<T>,
): Promise<TestServers['postgres']> {
  const passwords = { superuser: secret(), owner: secret(), app: secret() };
  const { port } = await kept(
    startPostgres({
      ...place(folder, 'postgres'),
      superuserPassword: passwords.superuser,
      durable: false,
    }),
  );
  const postgres = {
    port,
    superuserPassword: passwords.superuser,
    ownerPassword: passwords.owner,
    appPassword: passwords.app,
  };
  const administration = superuserUrl(postgres, 'postgres');
  await ensureRoles(administration, passwords);
  await makeDatabase(administration, TEMPLATE_DATABASE);
  const owner = { user: OWNER_ROLE, password: passwords.owner, port, database: TEMPLATE_DATABASE };
  await migrate(postgresUrl(owner), APP_ROLE);
  // A database with sessions cannot be copied.
  await query(administration, `ALTER DATABASE ${TEMPLATE_DATABASE} ALLOW_CONNECTIONS false`);
  return postgres;
}

/** Data that is deleted needs no orderly stop; but PostgreSQL, killed, leaves shared memory behind. */
async function end(server: Child): Promise<void> {
  if (server.name === 'PostgreSQL') return server.stop();
  server.kill();
  await server.exited;
}

function place(folder: string, name: string): { dataDir: string; logFile: string } {
  return { dataDir: join(folder, name), logFile: join(folder, `${name}.log`) };
}

function secret(): string {
  return randomBytes(16).toString('hex');
}
