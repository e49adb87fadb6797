/** The rule of partner access's life (product rules, sections 3 and 6). Pure. */
import type { Next } from '../../lifecycle/life.ts';

const HOUR = 3600 * 1000;

/** "3 days before expiry (if it lasts longer than 6)". */
export const NOTICE_BEFORE = 72 * HOUR;
const NOTICE_ONLY_ABOVE_DAYS = 6;

export interface PartnerAccessFacts {
  /** Null, like the expiry, for an entire organization. */
  readonly durationDays: number | null;
  readonly expiresAt: Date | null;
  /** When it was revoked, or the partnership ended. */
  readonly endedAt: Date | null;
  /** The expiry that recipients and creator were told of, and the one that was recorded. */
  readonly expiryNoticeFor: Date | null;
  readonly expiryHandledFor: Date | null;
  /** Recipients who were not invited yet. */
  readonly uninvited: number;
  /** Those who were invited, have access no longer, and were not told yet. */
  readonly untold: number;
}

export type PartnerAccessStep = 'invite' | 'tell of the end' | 'tell of expiry' | 'handle expiry';

/** What is due next on partner access, or what it waits for. */
export function nextPartnerAccessStep(
  facts: PartnerAccessFacts,
  now: Date,
): Next<PartnerAccessStep> {
  if (facts.untold > 0) return { type: 'due', step: 'tell of the end' };
  if (facts.endedAt !== null) return { type: 'finished' };
  const { expiresAt } = facts;
  if (expiresAt !== null && expiresAt <= now) {
    return same(facts.expiryHandledFor, expiresAt)
      ? { type: 'finished' }
      : { type: 'due', step: 'handle expiry' };
  }
  if (facts.uninvited > 0) return { type: 'due', step: 'invite' };
  if (expiresAt === null) return waitFor('a change of the access', null);
  const noticeAt = noticeInstant(expiresAt, facts);
  if (noticeAt === null) return waitFor('expiry', expiresAt);
  if (noticeAt <= now) return { type: 'due', step: 'tell of expiry' };
  return waitFor('the notice before expiry', noticeAt);
}

/** When all are to be told that the access expires; null where that was done, or is not asked for. */
function noticeInstant(expiresAt: Date, facts: PartnerAccessFacts): Date | null {
  if (facts.durationDays === null || facts.durationDays <= NOTICE_ONLY_ABOVE_DAYS) return null;
  if (same(facts.expiryNoticeFor, expiresAt)) return null;
  return new Date(expiresAt.getTime() - NOTICE_BEFORE);
}

function waitFor(what: string, until: Date | null) {
  return { type: 'wait', for: what, until, work: [] } as const;
}

function same(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}
