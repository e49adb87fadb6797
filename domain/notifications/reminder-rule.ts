/** When reminders of a link are due (product rules, section 4; for invites section 5). Pure. */

const DAY = 24 * 3_600_000;

/** A reminder that would come within 24 hours of the last message is skipped. */
export const SPACING = DAY;

/** The reminders of a link, in their order: days after sending, or null for one day before expiry. */
export type Cadence<Reminder extends string> = Readonly<Record<Reminder, number | null>>;

/** What the rule sees of a link that was sent. */
interface RemindedFacts<Reminder extends string> {
  readonly invitedAt: Date | null;
  readonly expiresAt: Date;
  /** Reminders of this sending that were sent or skipped. */
  readonly remindersUsed: readonly Reminder[];
}

/** The reminders of this sending whose moment has come, in its order, and the next moment to come. */
export function remindersAt<Reminder extends string>(
  cadence: Cadence<Reminder>,
  { invitedAt, expiresAt, remindersUsed }: RemindedFacts<Reminder>,
  now: Date,
): { readonly due: readonly Reminder[]; readonly next: Date | null } {
  if (invitedAt === null || expiresAt <= now) return { due: [], next: null };
  const momentOf = (days: number | null) =>
    days === null ? expiresAt.getTime() - DAY : invitedAt.getTime() + days * DAY;
  const open = (Object.entries(cadence) as [Reminder, number | null][])
    .filter(([reminder]) => !remindersUsed.includes(reminder))
    .map(([reminder, days]) => ({ reminder, moment: momentOf(days) }))
    .toSorted((one, other) => one.moment - other.moment);
  const next = open.find(({ moment }) => moment > now.getTime());
  return {
    due: open.filter(({ moment }) => moment <= now.getTime()).map(({ reminder }) => reminder),
    next: next === undefined ? null : new Date(next.moment),
  };
}

/** Whether the last message is so fresh that a reminder would only be a nuisance. */
export function isTooSoon(
  { lastMailAt }: { readonly lastMailAt: Date | null },
  now: Date,
): boolean {
  return lastMailAt !== null && lastMailAt.getTime() + SPACING > now.getTime();
}
