/** Whether a file that was handed in may be decided about (product rules, section 5). Pure. */

export const DECISIONS = ['accepted', 'declined'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What was decided about a file before. */
export interface Decided {
  readonly decision: Decision;
  /** Null where it was accepted by itself. */
  readonly by: string | null;
  readonly at: Date;
  /** Whether it was not there yet when the request was looked at first, whenever it was begun. */
  readonly madeMeanwhile?: boolean;
}

/**
 * Milliseconds after which somebody else's decision counts as known: a decision that two people make at
 * the same time must not be made twice.
 */
export const KNOWN_AFTER = 1_000;

const DAY = 24 * 3_600_000;

/** What stands against a decision; null where nothing does. */
export type Objection = 'decided' | 'decided meanwhile' | 'no longer kept';

/**
 * A file is decided about once; one that was declined may still be accepted while it is kept, by whoever
 * can know that it was declined.
 * @param asked when the decision was asked for: before any lock was waited for
 */
export function objectionTo(
  wanted: Decision,
  before: Decided | null,
  circumstances: {
    readonly by: string;
    readonly asked: Date;
    readonly now: Date;
    readonly declinedRetentionDays: number;
  },
): Objection | null {
  if (before === null) return null;
  if (wanted === 'declined' || before.decision === 'accepted') return 'decided';
  const { by, asked, now, declinedRetentionDays } = circumstances;
  if (before.madeMeanwhile === true) return 'decided meanwhile';
  const known = before.at.getTime() + (before.by === by ? 0 : KNOWN_AFTER);
  if (known > asked.getTime()) return 'decided meanwhile';
  return now.getTime() >= before.at.getTime() + declinedRetentionDays * DAY
    ? 'no longer kept'
    : null;
}
