import fc from 'fast-check';
import { type CaseCopyFacts, nextCaseCopyStep, tidyAgainAt } from './case-copy-rule.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const HOUR = 3_600_000;

const instant = fc
  .integer({ min: -100, max: 100 })
  .map((hours) => new Date(NOW.getTime() + hours * HOUR));
const facts: fc.Arbitrary<CaseCopyFacts> = fc.record({
  delivery: fc.option(
    fc.record({
      state: fc.constantFrom('waiting', 'copying', 'failing', 'cancelling'),
      stopped: fc.boolean(),
      itemsOpen: fc.nat(3),
      tidied: fc.boolean(),
    }),
  ),
  tidyAt: fc.option(instant),
});

test('a copy goes from its start over its files to its publication', () => {
  const delivery = { state: 'waiting', stopped: false, itemsOpen: 2, tidied: false } as const;
  const at = (fields: object) =>
    nextCaseCopyStep({ delivery: { ...delivery, ...fields }, tidyAt: null }, NOW);
  expect(at({})).toEqual({ type: 'due', step: 'start' });
  expect(at({ state: 'copying' })).toMatchObject({ type: 'wait', work: ['copy'] });
  expect(at({ state: 'copying', itemsOpen: 0 })).toEqual({ type: 'due', step: 'publish' });
});

test('nothing is published or copied of what is stopped', () => {
  fc.assert(
    fc.property(facts, (some) => {
      fc.pre(some.delivery !== null);
      const next = nextCaseCopyStep(
        { ...some, delivery: { ...some.delivery, stopped: true } },
        NOW,
      );
      if (next.type === 'due') expect(['stop', 'end']).toContain(next.step);
      if (next.type === 'wait') expect(next.work).not.toContain('copy');
    }),
  );
});

test('a delivery is published only when every file is proven', () => {
  fc.assert(
    fc.property(facts, (some) => {
      const next = nextCaseCopyStep(some, NOW);
      if (next.type === 'due' && next.step === 'publish') {
        expect(some.delivery).toMatchObject({ state: 'copying', stopped: false, itemsOpen: 0 });
      }
    }),
  );
});

test('a failed or cancelled delivery ends only when the store was tidied of it', () => {
  fc.assert(
    fc.property(facts, (some) => {
      const next = nextCaseCopyStep(some, NOW);
      const decided = some.delivery?.state === 'failing' || some.delivery?.state === 'cancelling';
      expect(next.type === 'due' && next.step === 'end').toBe(decided && some.delivery?.tidied);
    }),
  );
});

test('a life ends only when no delivery is open and nothing is left to tidy', () => {
  fc.assert(
    fc.property(facts, (some) => {
      const finished = nextCaseCopyStep(some, NOW).type === 'finished';
      expect(finished).toBe(some.delivery === null && some.tidyAt === null);
    }),
  );
});

test('what waits has work, or an instant in the future to wake at', () => {
  fc.assert(
    fc.property(facts, (some) => {
      const undecided = some.delivery?.state === 'failing' || some.delivery?.state === 'cancelling';
      // A decided delivery is always due to be tidied, until it was.
      fc.pre(!undecided || some.delivery.tidied || some.tidyAt !== null);
      const next = nextCaseCopyStep(some, NOW);
      if (next.type !== 'wait') return;
      if (next.until !== null) expect(next.until.getTime()).toBeGreaterThan(NOW.getTime());
      expect(next.work.length > 0 || next.until !== null).toBe(true);
    }),
  );
});

test('each step has an effect on the facts after which it is not due again', () => {
  const after = {
    start: { state: 'copying' },
    publish: null,
    stop: { state: 'failing', tidied: false },
    end: null,
  } as const;
  fc.assert(
    fc.property(facts, (some) => {
      const next = nextCaseCopyStep(some, NOW);
      if (next.type !== 'due' || some.delivery === null) return;
      const change = after[next.step];
      const delivery = change === null ? null : { ...some.delivery, ...change };
      expect(nextCaseCopyStep({ ...some, delivery }, NOW)).not.toEqual(next);
    }),
  );
});

test('the store is tidied at once, after a minute, after an hour, and a day after that', () => {
  const pauses = [1, 2, 3, 4].map((tidied) => {
    const again = tidyAgainAt(tidied, NOW);
    return again === null ? null : (again.getTime() - NOW.getTime()) / HOUR;
  });
  expect(pauses).toEqual([1 / 60, 1, 24, null]);
});
