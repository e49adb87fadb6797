import { MikroORM } from '@mikro-orm/postgresql';
import { ENTITIES } from '../domain/entities.ts';

/** The ORM and its pool of connections; close it at the end. */
export type Database = MikroORM;

/**
 * Connects as the application's role. Nothing is read yet: the first query tells whether PostgreSQL
 * is there.
 */
export async function openDatabase(options: { url: string; poolSize: number }): Promise<Database> {
  return MikroORM.init({
    clientUrl: options.url,
    entities: ENTITIES,
    pool: { min: 0, max: options.poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      // A statement that waits this long for a lock or a plan is lost: better to fail and try again.
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 5_000,
      application_name: 'casebridge',
    },
    ignoreUndefinedInQuery: false,
  });
}
