/** The rule of an invite's life (product rules, sections 5 and 6). Pure. */
import type { Next } from '../../lifecycle/life.ts';
import { type Cadence, isTooSoon, remindersAt } from '../../notifications/reminder-rule.ts';
import { FINISHING_DAYS } from './invite-state.ts';

const DAY = 24 * 3_600_000;

/** The reminders of a link, each used once: 2 days and 5 days after sending, 1 day before expiry. */
export const INVITE_REMINDERS = ['2 days', '5 days', 'last day'] as const;
export type InviteReminder = (typeof INVITE_REMINDERS)[number];

const CADENCE: Cadence<InviteReminder> = { '2 days': 2, '5 days': 5, 'last day': null };

/** What the rule sees of an invite. */
export interface PortalInviteFacts {
  /** When its portal was closed. */
  readonly closedAt: Date | null;
  readonly spentAt: Date | null;
  /** When its link stops opening anything new: its own end or its portal's. */
  readonly expiresAt: Date;
  /** Its own end. */
  readonly linkExpiresAt: Date;
  /** Whether its link is sent by us at all. */
  readonly delivers: boolean;
  /** Whether reminders are switched on at this moment, and available in the region. */
  readonly reminds: boolean;
  /** How often it was to be sent, and which sending was sent last, and when. */
  readonly sending: number;
  readonly invitedSending: number;
  readonly invitedAt: Date | null;
  /** The last invitation or reminder. */
  readonly lastMailAt: Date | null;
  /** Reminders of this sending that were sent or skipped. */
  readonly remindersUsed: readonly InviteReminder[];
  /** The expiry that was recorded. */
  readonly expiryHandledFor: Date | null;
  /** The own end after which what was never handed in was removed. */
  readonly discardedFor: Date | null;
}

/** The short steps of an invite’s life. */
export type PortalInviteStep = 'invite' | 'remind' | 'skip reminders' | 'handle expiry' | 'discard';

/** What is due next on an invite, or what it waits for. */
export function nextPortalInviteStep(facts: PortalInviteFacts, now: Date): Next<PortalInviteStep> {
  if (facts.spentAt !== null || isDiscarded(facts)) return { type: 'finished' };
  // Nothing can be handed in any more through a closed portal.
  if (facts.closedAt !== null) return { type: 'due', step: 'discard' };
  if (facts.expiresAt <= now) return afterExpiry(facts, now);
  if (facts.invitedSending < facts.sending) return { type: 'due', step: 'invite' };
  const { due, next } = inviteReminders(facts, now);
  if (due.length > 0) {
    const skip = !facts.reminds || isTooSoon(facts, now);
    return { type: 'due', step: skip ? 'skip reminders' : 'remind' };
  }
  const until = next === null || next > facts.expiresAt ? facts.expiresAt : next;
  return { type: 'wait', for: until === next ? 'a reminder' : 'expiry', until, work: [] };
}

function afterExpiry(facts: PortalInviteFacts, now: Date): Next<PortalInviteStep> {
  if (facts.expiryHandledFor?.getTime() !== facts.expiresAt.getTime()) {
    return { type: 'due', step: 'handle expiry' };
  }
  const until = new Date(facts.expiresAt.getTime() + FINISHING_DAYS * DAY);
  if (until <= now) return { type: 'due', step: 'discard' };
  return { type: 'wait', for: 'the end of what may be handed in still', until, work: [] };
}

function isDiscarded({ discardedFor, linkExpiresAt }: PortalInviteFacts): boolean {
  return discardedFor !== null && discardedFor >= linkExpiresAt;
}

/** The reminders of this sending whose moment has come, in its order, and the next moment to come. */
export function inviteReminders(
  facts: PortalInviteFacts,
  now: Date,
): { readonly due: readonly InviteReminder[]; readonly next: Date | null } {
  return facts.delivers ? remindersAt(CADENCE, facts, now) : { due: [], next: null };
}
