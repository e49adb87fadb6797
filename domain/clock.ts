import type { EntityManager } from '@mikro-orm/postgresql';

/** PostgreSQL's clock, to the millisecond: it decides. Read it after the lock of what it decides about. */
export async function databaseNow(em: EntityManager): Promise<Date> {
  const [row] = await em.execute<{ now: Date | string }[]>(
    `select date_trunc('milliseconds', clock_timestamp()) as now`,
  );
  if (row === undefined) throw new Error('the clock of the database could not be read');
  return new Date(row.now);
}
