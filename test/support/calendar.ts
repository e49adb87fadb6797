import type { SharedOn } from '../../domain/sharing/shared-on.ts';

/** The day that it is somewhere at an instant: `2026-01-31`, as Swedish dates are written. */
export function localDay(timeZone: string, at: Date): string {
  return at.toLocaleDateString('sv-SE', { timeZone });
}

/** Whether an instant lies in a period, by counting days: another way than the product's. */
export function liesIn(period: SharedOn, timeZone: string, at: Date, now: Date): boolean {
  const [then, today] = [counted(timeZone, at), counted(timeZone, now)];
  switch (period) {
    case 'yesterday':
      return then.days === today.days - 1;
    case 'this_week':
      return then.weeks === today.weeks;
    case 'last_week':
      return then.weeks === today.weeks - 1;
    case 'this_month':
      return then.months === today.months;
    case 'last_month':
      return then.months === today.months - 1;
    case 'this_year':
      return then.years === today.years;
    case 'last_year':
      return then.years === today.years - 1;
  }
  return period satisfies never;
}

function counted(timeZone: string, at: Date) {
  const [year = 0, month = 0, day = 0] = localDay(timeZone, at).split('-').map(Number);
  const days = Date.UTC(year, month - 1, day) / 86_400_000;
  // The first of January 1970 was a Thursday.
  return { days, weeks: Math.floor((days + 3) / 7), months: year * 12 + month, years: year };
}
