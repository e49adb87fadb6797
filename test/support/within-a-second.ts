import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../platform/database.ts';
import { eventually } from './eventually.ts';

/**
 * Waits until something was cut, and expects it in the second that a revoke may take. The second is
 * counted in quarters, each with a question to PostgreSQL after it, in the process that cuts: on a busy
 * machine they are as late as everything else, so that a fault of ours fails and a slow machine does not.
 */
export async function withinASecond(
  { database }: { readonly database: Database },
  what: string,
  look: () => Promise<boolean> | boolean,
): Promise<void> {
  let quarters = 0;
  let over = false;
  const counting = (async () => {
    while (!over) {
      await pause(250);
      await database.em.fork().execute('select 1');
      quarters += 1;
    }
  })();
  try {
    await eventually(what, look);
  } finally {
    over = true;
  }
  const passed = quarters;
  await counting;
  expect(passed).toBeLessThanOrEqual(4);
}
