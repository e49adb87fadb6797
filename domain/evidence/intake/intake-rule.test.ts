import fc from 'fast-check';
import {
  ABANDONED_AFTER,
  type IntakeFacts,
  nextIntakeStep,
  PART_ADDRESSES_DEAD_AFTER,
  tidyAgainAt,
} from './intake-rule.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const DAY = 24 * 3_600_000;

const instant = fc.integer({ min: -30 * DAY, max: 30 * DAY }).map((ms) => new Date(+NOW + ms));
const facts: fc.Arbitrary<IntakeFacts> = fc.record({
  verifying: fc.nat({ max: 3 }),
  tidyAt: fc.option(instant),
  idleSince: fc.option(instant),
});
const nothing: IntakeFacts = { verifying: 0, tidyAt: null, idleSince: null };

describe('the rule of an intake', () => {
  it('is finished exactly when nothing is uploading, waits for verification or is left to remove', () => {
    expect(nextIntakeStep(nothing, NOW)).toEqual({ type: 'finished' });
    fc.assert(
      fc.property(facts, (given) => {
        const idle = given.verifying === 0 && given.tidyAt === null && given.idleSince === null;
        expect(nextIntakeStep(given, NOW).type === 'finished').toBe(idle);
      }),
    );
  });

  it('gives up an upload 14 days after its last activity, and not a millisecond before', () => {
    const idleSince = new Date(+NOW - ABANDONED_AFTER);
    expect(nextIntakeStep({ ...nothing, idleSince }, NOW)).toEqual({
      type: 'due',
      step: 'abandon',
    });
    expect(nextIntakeStep({ ...nothing, idleSince }, new Date(+NOW - 1))).toEqual({
      type: 'wait',
      for: 'uploads to be completed',
      until: NOW,
      work: [],
    });
  });

  it('never gives the step again after it was performed', () => {
    fc.assert(
      fc.property(facts, (given) => {
        fc.pre(nextIntakeStep(given, NOW).type === 'due');
        // What is left after every abandoned upload was marked: none idle that long, tidying due.
        const after = { ...given, idleSince: null, tidyAt: NOW };
        expect(nextIntakeStep(after, NOW).type).not.toBe('due');
      }),
    );
  });

  it('has an instant to wake at, never in the past, whenever it waits without work', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const next = nextIntakeStep(given, NOW);
        fc.pre(next.type === 'wait');
        if (next.work.length === 0) expect(next.until).not.toBeNull();
        if (next.until !== null) expect(+next.until).toBeGreaterThan(+NOW);
        expect(next.work.includes('verify')).toBe(given.verifying > 0);
        expect(next.work.includes('tidy')).toBe(given.tidyAt !== null && given.tidyAt <= NOW);
      }),
    );
  });
});

describe('tidying', () => {
  it('is done once more after the last part address has died, and then ends', () => {
    const lastActiveAt = NOW;
    const again = tidyAgainAt(NOW, lastActiveAt);
    expect(again).toEqual(new Date(+NOW + PART_ADDRESSES_DEAD_AFTER));
    expect(tidyAgainAt(again ?? NOW, lastActiveAt)).toBeNull();
  });

  it('is done once for an upload whose addresses are dead already', () => {
    expect(tidyAgainAt(new Date(+NOW + 2 * DAY), NOW)).toBeNull();
  });
});
