import { live } from './lifecycle.ts';
import { bytesActivities } from './long-work.ts';

/**
 * The life that compares rows, Temporal and the object store every day (id `reconciliation:<id of the
 * installation>`), starts again what was lost, and shows what needs somebody. It never ends.
 */
export async function reconciliation(): Promise<void> {
  await live('reconciliation', { reconcile: bytesActivities('reconcile').reconcile });
}
