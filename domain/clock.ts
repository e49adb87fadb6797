import type { EntityManager } from '@mikro-orm/postgresql';

/** PostgreSQL's clock, to the millisecond: it decides. Read it after the lock of what it decides about. */
export async function databaseNow(em: EntityManager): Promise<Date> {
  const [row] = await em.execute<{ now: Date | string }[]>(
    `select date_trunc('milliseconds', clock_timestamp()) as now`,
  );
  if (row === undefined) throw new Error('the clock of the database could not be read');
  return new Date(row.now);
}

const DAY = 24 * 3_600_000;

/** "N days" is N × 24 h from the instant at which they were granted (product rules, "Time"). */
export function daysAfter(instant: Date, days: number): Date {
  return new Date(instant.getTime() + days * DAY);
}
