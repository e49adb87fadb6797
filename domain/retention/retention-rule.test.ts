import fc from 'fast-check';
import { nextRetentionStep, type RetentionLifeFacts } from './retention-rule.ts';

const DAY = 24 * 3600 * 1000;
const NOW = new Date('2026-03-01T08:15:00.000Z');

function at(milliseconds: number): Date {
  return new Date(NOW.getTime() + milliseconds);
}

function life(facts: Partial<RetentionLifeFacts> = {}): RetentionLifeFacts {
  return {
    recalculates: false,
    lookAt: null,
    destroyAt: null,
    noticeAt: at(3 * DAY),
    inventoryAt: at(2 * DAY),
    ...facts,
  };
}

test('without anything due it looks again in a day, and never ends', () => {
  expect(nextRetentionStep(life(), NOW)).toEqual({
    type: 'wait',
    for: 'the next evidence that is due',
    until: at(DAY),
    work: [],
  });
});

test('it wakes when the first piece of evidence is due', () => {
  expect(nextRetentionStep(life({ lookAt: at(5_000) }), NOW)).toMatchObject({ until: at(5_000) });
  expect(nextRetentionStep(life({ destroyAt: at(3_000) }), NOW)).toMatchObject({
    until: at(3_000),
  });
});

test.each([
  [{ lookAt: NOW }, ['look'], 'evidence that is due to be looked at'],
  [{ destroyAt: at(-1) }, ['destroy'], 'objects to be destroyed'],
  [{ recalculates: true }, ['recalculate'], 'dates to be worked out anew'],
  [{ inventoryAt: NOW }, ['inventory'], 'the inventory of the object store'],
  [
    { recalculates: true, lookAt: NOW, destroyAt: NOW, inventoryAt: NOW },
    ['recalculate', 'look', 'destroy', 'inventory'],
    'objects to be destroyed',
  ],
] as const)('what is due is worked on: %j', (facts, work, waitingFor) => {
  expect(nextRetentionStep(life(facts), NOW)).toMatchObject({ work, for: waitingFor });
});

test('administrators are told when it is time, before anything else', () => {
  expect(nextRetentionStep(life({ noticeAt: NOW, lookAt: NOW }), NOW)).toEqual({
    type: 'due',
    step: 'tell',
  });
});

test('whatever is planned, it sleeps for a day at most and never into the past', () => {
  const instant = fc.integer({ min: -10 * DAY, max: 10 * DAY }).map(at);
  const facts: fc.Arbitrary<RetentionLifeFacts> = fc.record({
    recalculates: fc.boolean(),
    lookAt: fc.option(instant),
    destroyAt: fc.option(instant),
    noticeAt: instant,
    inventoryAt: instant,
  });
  fc.assert(
    fc.property(facts, (some) => {
      const next = nextRetentionStep(some, NOW);
      if (next.type !== 'wait') return;
      expect(next.until?.getTime()).toBeGreaterThan(NOW.getTime());
      expect(next.until?.getTime()).toBeLessThanOrEqual(at(DAY).getTime());
    }),
  );
});
