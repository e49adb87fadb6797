/** Days of an organization's time zone as instants (product rules, section 3): pure. */

/** Periods that a search names; weeks start on Monday. */
export const SHARED_ON = [
  'yesterday',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_year',
  'last_year',
] as const;
export type SharedOn = (typeof SHARED_ON)[number];

/** A day of the calendar: `2026-01-31`. */
export type Day = string;

/** Days, the first and the last included; open where one is not given. */
export interface Days {
  readonly first?: Day | undefined;
  readonly last?: Day | undefined;
}

/** From an instant on, and before another; open where one is null. */
export interface Instants {
  readonly from: Date | null;
  readonly before: Date | null;
}

/** The days of a period, seen from one day: what is to come of this week, month or year included. */
export function daysOf(period: SharedOn, today: Day): Required<Days> {
  const monday = plusDays(today, -((weekday(today) + 6) % 7));
  const [year = 0, month = 0] = today.split('-').map(Number);
  switch (period) {
    case 'yesterday':
      return { first: plusDays(today, -1), last: plusDays(today, -1) };
    case 'this_week':
      return { first: monday, last: plusDays(monday, 6) };
    case 'last_week':
      return { first: plusDays(monday, -7), last: plusDays(monday, -1) };
    case 'this_month':
      return { first: dayOf(year, month, 1), last: dayOf(year, month + 1, 0) };
    case 'last_month':
      return { first: dayOf(year, month - 1, 1), last: dayOf(year, month, 0) };
    case 'this_year':
      return { first: dayOf(year, 1, 1), last: dayOf(year, 12, 31) };
    case 'last_year':
      return { first: dayOf(year - 1, 1, 1), last: dayOf(year - 1, 12, 31) };
  }
  period satisfies never;
}

/** The instants of these days where this time zone is kept; days last 23 to 25 hours there, or none. */
export function instantsOf({ first, last }: Days, timeZone: string): Instants {
  const dayAt = calendarOf(timeZone);
  return {
    from: first === undefined ? null : startOf(first, dayAt),
    before: last === undefined ? null : startOf(plusDays(last, 1), dayAt),
  };
}

/** The day that it is at an instant where this time zone is kept. */
export function dayIn(timeZone: string, at: Date): Day {
  return calendarOf(timeZone)(at.getTime());
}

type Calendar = (milliseconds: number) => Day;

function calendarOf(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (milliseconds) => {
    const parts = new Map(
      format.formatToParts(milliseconds).map(({ type, value }) => [type, value]),
    );
    const year = (parts.get('year') ?? '').padStart(4, '0');
    return `${year}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`;
  };
}

/** More than any time zone was ever away from UTC. */
const FARTHEST = 16 * 3_600_000;

/**
 * The first instant at which it is this day, or a later one. Found by halving, since midnight is no
 * safe guess: clocks skip it in some years, or strike it twice, and Samoa once skipped a whole day.
 */
function startOf(day: Day, dayAt: Calendar): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let earlier = midnight - FARTHEST;
  let reached = midnight + FARTHEST;
  while (reached - earlier > 1) {
    const middle = Math.floor((earlier + reached) / 2);
    if (dayAt(middle) >= day) reached = middle;
    else earlier = middle;
  }
  return new Date(reached);
}

/** Months below 1 and above 12 are those of other years; day 0 is the last of the month before. */
function dayOf(year: number, month: number, day: number): Day {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function plusDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
function weekday(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}
