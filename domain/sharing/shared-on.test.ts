import fc from 'fast-check';
import { liesIn, localDay } from '../../test/support/calendar.ts';
import { dayIn, daysOf, instantsOf, SHARED_ON } from './shared-on.ts';

/** Whole hours and others, both hemispheres, clocks that change at midnight, a day that was skipped. */
const ZONES = [
  'UTC',
  'America/Chicago',
  'America/Sao_Paulo',
  'America/Havana',
  'America/Asuncion',
  'Atlantic/Azores',
  'Europe/Paris',
  'Asia/Beirut',
  'Africa/Cairo',
  'Asia/Tehran',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
] as const;

const zone = fc.constantFrom(...ZONES);
const instant = fc.date({
  min: new Date('1980-01-01T00:00:00Z'),
  max: new Date('2037-12-31T00:00:00Z'),
  noInvalidDate: true,
});

test('a period holds exactly the instants whose day lies in it', () => {
  const near = fc.integer({ min: -90_000_000, max: 90_000_000 });
  const anywhere = fc.integer({ min: -400 * 86_400_000, max: 40 * 86_400_000 });
  fc.assert(
    fc.property(
      fc.constantFrom(...SHARED_ON),
      zone,
      instant,
      fc.oneof(near, anywhere),
      (period, timeZone, now, away) => {
        const { from, before } = instantsOf(daysOf(period, dayIn(timeZone, now)), timeZone);
        if (from === null || before === null) throw new Error('a period is never open');
        const isIn = (at: Date) => at >= from && at < before;
        const borders = [from, before].flatMap((border) =>
          [-3_600_000, -1, 0, 1, 3_600_000].map((after) => new Date(border.getTime() + after)),
        );
        for (const at of [new Date(now.getTime() + away), ...borders]) {
          expect([at.toISOString(), isIn(at)]).toEqual([
            at.toISOString(),
            liesIn(period, timeZone, at, now),
          ]);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('days hold exactly the instants between their first and their last', () => {
  fc.assert(
    fc.property(zone, instant, instant, instant, (timeZone, one, other, at) => {
      const [first, last] = [dayIn(timeZone, one), dayIn(timeZone, other)].toSorted();
      const { from, before } = instantsOf({ first, last }, timeZone);
      const day = localDay(timeZone, at);
      expect(at >= (from ?? NaN) && at < (before ?? NaN)).toBe(
        day >= String(first) && day <= String(last),
      );
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['America/Chicago', '2026-03-08', '2026-03-08T06:00:00.000Z', 23],
  ['America/Chicago', '2026-11-01', '2026-11-01T05:00:00.000Z', 25],
  ['America/Chicago', '2026-06-15', '2026-06-15T05:00:00.000Z', 24],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', 23],
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
  ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 0],
])('in %s the day %s begins at %s and has %d hours', (timeZone, day, begins, hours) => {
  const { from, before } = instantsOf({ first: day, last: day }, timeZone);
  expect(from?.toISOString()).toBe(begins);
  expect((Number(before) - Number(from)) / 3_600_000).toBe(hours);
});

test.each([
  ['yesterday', '2026-01-01', '2025-12-31', '2025-12-31'],
  ['this_week', '2026-11-22', '2026-11-16', '2026-11-22'],
  ['this_week', '2026-11-23', '2026-11-23', '2026-11-29'],
  ['last_week', '2026-01-01', '2025-12-22', '2025-12-28'],
  ['this_month', '2028-02-10', '2028-02-01', '2028-02-29'],
  ['last_month', '2026-01-31', '2025-12-01', '2025-12-31'],
  ['this_year', '2026-06-01', '2026-01-01', '2026-12-31'],
  ['last_year', '2026-06-01', '2025-01-01', '2025-12-31'],
] as const)('%s on %s is from %s to %s', (period, today, first, last) => {
  expect(daysOf(period, today)).toEqual({ first, last });
});

test('days are open where one is not given', () => {
  expect(instantsOf({ first: '2026-01-01' }, 'UTC')).toEqual({
    from: new Date('2026-01-01T00:00:00Z'),
    before: null,
  });
  expect(instantsOf({ last: '2026-01-01' }, 'UTC')).toEqual({
    from: null,
    before: new Date('2026-01-02T00:00:00Z'),
  });
});
