import { live } from './lifecycle.ts';
import { bytesActivities } from './long-work.ts';

/**
 * The life that looks after an organization's retention (id `retention:<organization id>`): works dates out
 * anew, looks at the evidence that is due and queues it, destroys what was queued long enough, and
 * compares the store with the rows every day. It never ends.
 */
export async function retention(): Promise<void> {
  const { recalculateRetention, lookAtDue, destroyDue, takeInventory } = bytesActivities();
  await live('retention', {
    recalculate: recalculateRetention,
    look: lookAtDue,
    destroy: destroyDue,
    inventory: takeInventory,
  });
}
