/** The rule of an upload request's life (product rules, sections 4 and 6). Pure. */
import type { Next } from '../lifecycle/life.ts';
import { type Cadence, isTooSoon, remindersAt } from '../notifications/reminder-rule.ts';
import { FINISHING_DAYS } from './request-state.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The reminders of a link, each used once: 3 days and 7 days after sending, 1 day before expiry. */
export const REMINDERS = ['3 days', '7 days', 'last day'] as const;
export type Reminder = (typeof REMINDERS)[number];

const CADENCE: Cadence<Reminder> = { '3 days': 3, '7 days': 7, 'last day': null };

/** The sender is told of verified files at most this often. */
export const RECEIVED_EVERY = 15 * MINUTE;

/** What the rule sees of a request. */
export interface UploadRequestFacts {
  readonly closedAt: Date | null;
  readonly expiresAt: Date;
  /** How often the request was to be sent, and which sending was mailed last, and when. */
  readonly sending: number;
  readonly invitedSending: number;
  readonly invitedAt: Date | null;
  /** The last invitation or reminder. */
  readonly lastMailAt: Date | null;
  /** Reminders of this sending that were sent or skipped. */
  readonly remindersUsed: readonly Reminder[];
  /** Whether an upload was ever completed. */
  readonly hasCompleted: boolean;
  /** The expiry that was recorded. */
  readonly expiryHandledFor: Date | null;
  /** Uploads that are being sent, and those that are being read back. */
  readonly unfinished: number;
  readonly verifying: number;
  /** When the first file was verified that the sender was not told of. */
  readonly unreportedSince: Date | null;
  readonly closingToldAt: Date | null;
  /** Mails of the log's link that were asked for, and those that were written. */
  readonly logMailsWanted: number;
  readonly logMailsWritten: number;
}

/** The short steps of a request’s life. */
export type UploadRequestStep =
  | 'invite'
  | 'remind'
  | 'skip reminders'
  | 'handle expiry'
  | 'end late uploads'
  | 'tell of files'
  | 'tell of closing'
  | 'mail the log';

interface Deadline {
  readonly at: Date | null;
  readonly for: string;
  readonly step: UploadRequestStep;
}

/** What is due next on an upload request, or what it waits for. */
export function nextUploadRequestStep(
  facts: UploadRequestFacts,
  now: Date,
): Next<UploadRequestStep> {
  const received: Deadline = {
    at: after(facts.unreportedSince, RECEIVED_EVERY),
    for: 'more files, to tell the sender of them together',
    step: 'tell of files',
  };
  if (facts.closedAt !== null) return afterClosing(facts, received, now);
  if (facts.invitedSending < facts.sending) return { type: 'due', step: 'invite' };

  const hasExpired = facts.expiresAt <= now;
  const deadlines: Deadline[] = [received];
  if (!same(facts.expiryHandledFor, facts.expiresAt)) {
    deadlines.push({ at: facts.expiresAt, for: 'expiry', step: 'handle expiry' });
  }
  if (hasExpired && facts.unfinished > 0) {
    const at = after(facts.expiresAt, FINISHING_DAYS * DAY);
    deadlines.push({ at, for: 'the end of uploads under way', step: 'end late uploads' });
  }
  const { due, next } = reminders(facts, now);
  if (due.length > 0)
    return { type: 'due', step: isTooSoon(facts, now) ? 'skip reminders' : 'remind' };
  deadlines.push({ at: next, for: 'a reminder', step: 'remind' });
  return dueOrWait(deadlines, now, hasExpired ? 'access to be asked for, or closing' : 'closing');
}

function afterClosing(
  facts: UploadRequestFacts,
  received: Deadline,
  now: Date,
): Next<UploadRequestStep> {
  if (facts.closingToldAt === null) return { type: 'due', step: 'tell of closing' };
  if (facts.logMailsWritten < facts.logMailsWanted) return { type: 'due', step: 'mail the log' };
  if (received.at === null && facts.verifying === 0) return { type: 'finished' };
  return dueOrWait([received], now, 'verification of what was completed');
}

/** The reminders of this sending whose moment has come, in its order, and the next moment to come. */
export function reminders(
  facts: UploadRequestFacts,
  now: Date,
): { readonly due: readonly Reminder[]; readonly next: Date | null } {
  return facts.hasCompleted ? { due: [], next: null } : remindersAt(CADENCE, facts, now);
}

function dueOrWait(
  deadlines: readonly Deadline[],
  now: Date,
  otherwise: string,
): Next<UploadRequestStep> {
  const [first] = deadlines
    .filter((deadline) => deadline.at !== null)
    .toSorted((one, other) => Number(one.at) - Number(other.at));
  if (first?.at != null && first.at <= now) return { type: 'due', step: first.step };
  return { type: 'wait', for: first?.for ?? otherwise, until: first?.at ?? null, work: [] };
}

function after(instant: Date | null, milliseconds: number): Date | null {
  return instant === null ? null : new Date(instant.getTime() + milliseconds);
}

function same(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}
