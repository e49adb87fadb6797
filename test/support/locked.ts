import pg from 'pg';
import type { TestApi } from './api.ts';
import { eventually } from './eventually.ts';

/**
 * Keeps PostgreSQL from answering whoever asks about a table while `work` runs, which begins when
 * somebody has waited for a second.
 */
export async function locked(
  { urls }: Pick<TestApi, 'urls'>,
  table: 'shares' | 'users',
  work: () => Promise<void>,
): Promise<void> {
  const other = new pg.Client(urls.ownerUrl);
  await other.connect();
  try {
    await other.query(`begin; lock table ${table} in access exclusive mode`);
    await eventually('the question to wait for a second', async () => {
      const { rows } = await other.query(
        `select from pg_locks where not granted and relation = '${table}'::regclass
           and clock_timestamp() - waitstart > '1 second'`,
      );
      return rows.length > 0;
    });
    await work();
    await other.query('commit');
  } finally {
    await other.end();
  }
}
