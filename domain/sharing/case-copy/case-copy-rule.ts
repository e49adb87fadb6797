/** The rule of a copy's life (product rules, section 3, "Share a copy"). Pure. */
import type { Next } from '../../lifecycle/life.ts';

const HOUR = 3600 * 1000;

/**
 * The store is tidied as soon as a delivery is decided; a minute later, for requests that were under way
 * then; when the longest request of a worker that was thought dead must have ended; and a day later.
 */
const TIDY_PAUSES = [HOUR / 60, HOUR, 24 * HOUR] as const;

/** The delivery that is not ended and comes first. */
export interface OpenDelivery {
  readonly state: 'waiting' | 'copying' | 'failing' | 'cancelling';
  /** Something forbids to go on: a partnership that ended, a file that is not what it was … */
  readonly stopped: boolean;
  /** Files that are not copied and proven yet. */
  readonly itemsOpen: number;
  /** Whether what it left in the store was removed. */
  readonly tidied: boolean;
}

export interface CaseCopyFacts {
  readonly delivery: OpenDelivery | null;
  /** When the store must next be tidied of what deliveries left; null where nothing is left. */
  readonly tidyAt: Date | null;
}

export type CaseCopyStep = 'start' | 'publish' | 'stop' | 'end';

/** What is due next on a copy, or what it waits for. */
export function nextCaseCopyStep(facts: CaseCopyFacts, now: Date): Next<CaseCopyStep> {
  const { delivery, tidyAt } = facts;
  const tidyNow = tidyAt !== null && tidyAt <= now;
  const tidy = tidyNow ? (['tidy'] as const) : [];
  const until = tidyNow ? null : tidyAt;
  if (delivery === null) {
    if (tidyAt === null) return { type: 'finished' };
    return { type: 'wait', for: 'late leftovers in the object store', until, work: tidy };
  }
  switch (delivery.state) {
    case 'waiting':
      return { type: 'due', step: delivery.stopped ? 'stop' : 'start' };
    case 'copying':
      if (delivery.stopped) return { type: 'due', step: 'stop' };
      if (delivery.itemsOpen === 0) return { type: 'due', step: 'publish' };
      return { type: 'wait', for: 'files to be copied', until, work: ['copy', ...tidy] };
    case 'failing':
    case 'cancelling':
      if (delivery.tidied) return { type: 'due', step: 'end' };
      return { type: 'wait', for: 'removal of what was copied', until, work: tidy };
    default:
      return delivery.state satisfies never;
  }
}

/**
 * When a delivery is tidied again.
 * @param tidied how often it was tidied, this time included
 * @returns null for never
 */
export function tidyAgainAt(tidied: number, now: Date): Date | null {
  const pause = TIDY_PAUSES[tidied - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause);
}
