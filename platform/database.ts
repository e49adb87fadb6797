import { MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { ENTITIES } from '../domain/entities.ts';
import { watchConnections } from './lost-connections.ts';

/** The ORM and its pool of connections; close it at the end. */
export type Database = MikroORM;

/** Milliseconds that a statement may run: one that waits this long is lost, better to try again. */
const LONGEST_STATEMENT = 30_000;

/** Milliseconds without a byte of an answer after which PostgreSQL is taken for gone. */
const SILENCE = LONGEST_STATEMENT + 5_000;

/**
 * Connects as the application's role. Nothing is read yet: the first query tells whether PostgreSQL
 * is there.
 */
export async function openDatabase(options: {
  readonly url: string;
  readonly poolSize: number;
  /** Milliseconds that PostgreSQL may be silent while somebody waits for it. */
  readonly silence?: number;
}): Promise<Database> {
  return MikroORM.init({
    clientUrl: options.url,
    entities: ENTITIES,
    pool: { min: 0, max: options.poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      statement_timeout: LONGEST_STATEMENT,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 5_000,
      application_name: 'casebridge',
      onPoolCreated: (pool: Pool) => watchConnections(pool, options.silence ?? SILENCE),
    },
    ignoreUndefinedInQuery: false,
  });
}
