import { live } from './lifecycle.ts';
import { bytesActivities } from './long-work.ts';

/**
 * The life that looks after an organization's retention (id `retention:<organization id>`): works dates out
 * anew, looks at the evidence that is due and queues it, destroys what was queued long enough, and
 * compares the store with the rows every day. It never ends.
 */
export async function retention(): Promise<void> {
  await live('retention', {
    recalculate: bytesActivities('recalculate').recalculateRetention,
    look: bytesActivities('look').lookAtDue,
    destroy: bytesActivities('destroy').destroyDue,
    inventory: bytesActivities('inventory').takeInventory,
  });
}
