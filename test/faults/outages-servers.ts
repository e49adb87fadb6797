/** Servers of an outage's own, which it may kill and start again at the same address. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  APP_ROLE,
  ensureRoles,
  makeDatabase,
  OWNER_ROLE,
} from '../../dev/servers/database-roles.ts';
import { freePort } from '../../dev/servers/ports.ts';
import { postgresUrl, startPostgres } from '../../dev/servers/postgres.ts';
import { startTemporal } from '../../dev/servers/temporal.ts';
import { migrate } from '../../domain/migrations/migrate.ts';
import { createDatabase } from '../support/servers.ts';

const DATABASE = 'outages';

/** PostgreSQL with a migrated database. */
export interface OutagePostgres {
  readonly port: number;
  /** The application's role, for a server that listens at this port. */
  url(port: number): string;
  /** Away, and back: by a fast shutdown, or by SIGKILL of the postmaster. Only of one's own. */
  restart(how: 'fast' | 'kill', secondsAway: number): Promise<void>;
  stop(): Promise<void>;
}

/** A database of the test run's PostgreSQL, which cannot be restarted. */
export async function sharedPostgres(): Promise<OutagePostgres> {
  const { appUrl, drop } = await createDatabase();
  return {
    port: Number(new URL(appUrl).port),
    url: (port) => withPort(appUrl, port),
    restart: () => Promise.reject(new Error('this PostgreSQL belongs to the test run')),
    stop: drop,
  };
}

/** A cluster that keeps what it acknowledged when it is killed, as one in production does. */
export async function ownPostgres(folder: string): Promise<OutagePostgres> {
  const passwords = { superuser: secret(), owner: secret(), app: secret() };
  const place = {
    dataDir: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    superuserPassword: passwords.superuser,
    durable: true,
    port: await freePort(),
  };
  const { port } = place;
  let server = await startPostgres(place);
  await ensureRoles(server.superuserUrl('postgres'), passwords);
  await makeDatabase(server.superuserUrl('postgres'), DATABASE);
  const owner = { user: OWNER_ROLE, password: passwords.owner, port, database: DATABASE };
  await migrate(postgresUrl(owner), APP_ROLE);
  return {
    port,
    url: (at) =>
      postgresUrl({ user: APP_ROLE, password: passwords.app, port: at, database: DATABASE }),
    async restart(how, secondsAway) {
      if (how === 'kill') {
        server.kill();
        await server.exited;
      } else await server.stop();
      await pause(secondsAway * 1000);
      server = await startedAgain(() => startPostgres(place));
    },
    stop: () => server.stop(),
  };
}

/** Sessions of a killed postmaster need a moment to notice; until then it cannot be started again. */
async function startedAgain<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries >= 20) throw error;
      await pause(500);
    }
  }
}

/** Temporal in memory: killed, it has forgotten everything. */
export interface OutageTemporal {
  readonly port: number;
  /** Kills it and starts it empty at the same address. */
  wipe(secondsAway: number): Promise<void>;
  stop(): Promise<void>;
}

export async function ownTemporal(folder: string): Promise<OutageTemporal> {
  const port = await freePort();
  let generation = 0;
  const start = async () => {
    generation += 1;
    return startTemporal({
      dataDir: join(folder, `temporal-${generation}`),
      logFile: join(folder, `temporal-${generation}.log`),
      storage: 'memory',
      port,
    });
  };
  let server = await start();
  const end = async () => {
    server.kill();
    await server.exited;
  };
  return {
    port,
    async wipe(secondsAway) {
      await end();
      await pause(secondsAway * 1000);
      server = await start();
    },
    stop: end,
  };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

function secret(): string {
  return randomBytes(16).toString('hex');
}
