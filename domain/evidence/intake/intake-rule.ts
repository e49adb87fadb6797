/** What an intake has to do next: the rule, pure. */
import type { Next } from '../../lifecycle/life.ts';

const HOUR = 3_600_000;

/** Uploads without activity for this long are given up. */
export const ABANDONED_AFTER = 14 * 24 * HOUR;

/** Seconds that the address of a part is good for, at most (`UPLOAD_ADDRESS_SECONDS`). */
const PART_ADDRESS_SECONDS = 3_600;

/**
 * Milliseconds after an upload's last activity when its last part address is dead and no request that
 * began in time still runs: what such a request left is removed after this.
 */
export const PART_ADDRESSES_DEAD_AFTER = (PART_ADDRESS_SECONDS + 15 * 60) * 1000;

/** The uploads of one case (or of an organization, without a case) as the rule sees them. */
export interface IntakeFacts {
  /** Completed uploads that were not read back yet. */
  readonly verifying: number;
  /** When the store must next be tidied of what was refused; null where nothing is left. */
  readonly tidyAt: Date | null;
  /** Last activity of the upload that was idle for longest, of those not completed. */
  readonly idleSince: Date | null;
}

export type IntakeStep = 'abandon';

/** Gives up what was abandoned, reads back what was completed, removes what was refused. */
export function nextIntakeStep(facts: IntakeFacts, now: Date): Next<IntakeStep> {
  const abandonAt =
    facts.idleSince === null ? null : new Date(facts.idleSince.getTime() + ABANDONED_AFTER);
  if (abandonAt !== null && abandonAt <= now) return { type: 'due', step: 'abandon' };

  const tidyNow = facts.tidyAt !== null && facts.tidyAt <= now;
  const hasWork = facts.verifying > 0 || tidyNow;
  const later = [abandonAt, tidyNow ? null : facts.tidyAt].filter((instant) => instant !== null);
  if (later.length === 0 && !hasWork) return { type: 'finished' };
  return {
    type: 'wait',
    for: waitingFor(facts, tidyNow),
    until: later.length === 0 ? null : new Date(Math.min(...later.map(Number))),
    work: [
      ...(facts.verifying > 0 ? (['verify'] as const) : []),
      ...(tidyNow ? (['tidy'] as const) : []),
    ],
  };
}

function waitingFor(facts: IntakeFacts, tidyNow: boolean): string {
  if (facts.verifying > 0) return 'verification';
  if (tidyNow) return 'removal of refused files';
  return facts.idleSince === null ? 'late parts of refused files' : 'uploads to be completed';
}

/** When a refused upload is tidied once more after it was tidied at `tidiedAt`; null for never. */
export function tidyAgainAt(tidiedAt: Date, lastActiveAt: Date): Date | null {
  const dead = new Date(lastActiveAt.getTime() + PART_ADDRESSES_DEAD_AFTER);
  return tidiedAt < dead ? dead : null;
}
