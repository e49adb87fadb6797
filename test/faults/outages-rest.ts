/** When everything that was begun has come to its end. */
import type { Database } from '../../platform/database.ts';
import { eventually } from '../support/eventually.ts';

/** What is still under way, by what kind of thing it is; empty at rest. */
export async function unrest(database: Database): Promise<Readonly<Record<string, number>>> {
  const [row] = await database.em.fork().execute<Record<string, number>[]>(
    `select (select count(*)::int from lifecycles where planned < wanted) as "lives not planned",
       (select count(*)::int from lifecycles where wake_at < clock_timestamp()) as "lives overdue",
       (select count(*)::int from lifecycles where attention is not null) as "lives that need attention",
       (select count(*)::int from notifications where state in ('pending', 'sending')) as "mails waiting",
       (select count(*)::int from uploads where state = 'verifying') as "files being verified",
       (select count(*)::int from shares where method = 'download_link' and activated_at is null
          and failed_at is null and revoked_at is null) as "links in preparation",
       (select count(*)::int from copy_deliveries where ended_at is null) as "copies under way"`,
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, count]) => count > 0));
}

/**
 * Waits for rest.
 * @returns seconds that it took
 * @throws Error naming what does not come to rest
 */
export async function untilRest(database: Database, seconds: number): Promise<number> {
  const begun = performance.now();
  let last: Readonly<Record<string, number>> = {};
  try {
    await eventually(
      'everything to come to rest',
      async () => {
        last = await unrest(database);
        return Object.keys(last).length === 0;
      },
      seconds,
    );
  } catch (error) {
    throw new Error(`no rest after ${seconds} s: ${JSON.stringify(last)}`, { cause: error });
  }
  return (performance.now() - begun) / 1000;
}
