/** The rule of the life that looks after an organization's retention (product rules, section 9). Pure. */
import type { Next, WorkOf } from '../lifecycle/life.ts';

const DAY = 24 * 3600 * 1000;

/** How often administrators are mailed what is coming, while there is something; milliseconds. */
export const NOTICE_EVERY = 7 * DAY;

/** How often the store is compared with the rows, in milliseconds. */
export const INVENTORY_EVERY = DAY;

/** What a retention life knows; every instant is of the workflow's clock. */
export interface RetentionLifeFacts {
  /** Whether dates are to be worked out anew in the background. */
  readonly recalculates: boolean;
  /** The first instant at which evidence is looked at; null where none has a date. */
  readonly lookAt: Date | null;
  /** The first instant at which something decided is destroyed; null where nothing is. */
  readonly destroyAt: Date | null;
  /** When administrators are told next, if there is something to tell. */
  readonly noticeAt: Date;
  /** When the store is compared with the rows next. */
  readonly inventoryAt: Date;
}

export type RetentionStep = 'tell';

/** What is due next, or what the life waits for: a day at most, for what nobody told it of. */
export function nextRetentionStep(facts: RetentionLifeFacts, now: Date): Next<RetentionStep> {
  if (facts.noticeAt <= now) return { type: 'due', step: 'tell' };
  const work: WorkOf<'retention'>[] = [
    ...(facts.recalculates ? (['recalculate'] as const) : []),
    ...(isDue(facts.lookAt, now) ? (['look'] as const) : []),
    ...(isDue(facts.destroyAt, now) ? (['destroy'] as const) : []),
    ...(isDue(facts.inventoryAt, now) ? (['inventory'] as const) : []),
  ];
  const later = [facts.lookAt, facts.destroyAt, facts.noticeAt, facts.inventoryAt].filter(
    (instant): instant is Date => instant !== null && instant > now,
  );
  const until = Math.min(now.getTime() + DAY, ...later.map(Number));
  return { type: 'wait', for: waitingFor(work), until: new Date(until), work };
}

function isDue(instant: Date | null, now: Date): boolean {
  return instant !== null && instant <= now;
}

function waitingFor(work: readonly WorkOf<'retention'>[]): string {
  if (work.includes('destroy')) return 'objects to be destroyed';
  if (work.includes('look')) return 'evidence that is due to be looked at';
  if (work.includes('recalculate')) return 'dates to be worked out anew';
  if (work.includes('inventory')) return 'the inventory of the object store';
  return 'the next evidence that is due';
}
