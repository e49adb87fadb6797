/** A migrated database on a PostgreSQL server of the benchmark's own. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APP_ROLE,
  ensureRoles,
  makeDatabase,
  OWNER_ROLE,
} from '../../dev/servers/database-roles.ts';
import { postgresUrl, startPostgres } from '../../dev/servers/postgres.ts';
import { migrate } from '../../domain/migrations/migrate.ts';

/** Where it answers; stop it at the end. */
export interface BenchDatabase {
  /** As the role that API and worker use. */
  readonly appUrl: string;
  /** As the superuser, for data in bulk. */
  readonly superuserUrl: string;
  /** Ends the server and removes its data. */
  readonly stop: () => Promise<void>;
}

const NAME = 'bench_search';
const PASSWORD = 'bench';

/** Starts the server and makes the database. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'casebridge-bench-'));
  // PostgreSQL may run as another user, who has to pass.
  await chmod(folder, 0o711);
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    superuserPassword: PASSWORD,
    durable: false,
  });
  await ensureRoles(server.superuserUrl('postgres'), { owner: PASSWORD, app: PASSWORD });
  await makeDatabase(server.superuserUrl('postgres'), NAME);
  const urlOf = (user: string) =>
    postgresUrl({ user, password: PASSWORD, port: server.port, database: NAME });
  await migrate(urlOf(OWNER_ROLE), APP_ROLE);
  return {
    appUrl: urlOf(APP_ROLE),
    superuserUrl: server.superuserUrl(NAME),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
