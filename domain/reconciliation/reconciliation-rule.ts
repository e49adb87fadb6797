/** The rule of the life that reconciles rows, Temporal and the store. Pure. */
import type { Next } from '../lifecycle/life.ts';

/** How long after a run the next one begins, in milliseconds. */
export const RECONCILE_EVERY = 24 * 3600 * 1000;

/** How long after an installation's first start the first run begins; in milliseconds. */
export const FIRST_AFTER = 3600 * 1000;

/** What the life knows, by the workflow's clock. */
export interface ReconciliationFacts {
  readonly nextAt: Date;
}

/** A run is due, or the life waits for the next. */
export function nextReconciliationStep({ nextAt }: ReconciliationFacts, now: Date): Next<never> {
  const isDue = nextAt <= now;
  return {
    type: 'wait',
    for: isDue ? 'rows, Temporal and the store to be compared' : 'the next reconciliation',
    until: isDue ? null : nextAt,
    work: isDue ? ['reconcile'] : [],
  };
}
