import fc from 'fast-check';
import { DECISIONS, type Decided, KNOWN_AFTER, objectionTo } from './triage-rule.ts';

const DAY = 24 * 3_600_000;
const AT = Date.parse('2026-03-01T09:00:00.000Z');
const declined: Decided = { decision: 'declined', by: 'ann', at: new Date(AT) };
const asking = (by: string, after: number, waited = 0) => ({
  by,
  asked: new Date(AT + after - waited),
  now: new Date(AT + after),
  declinedRetentionDays: 30,
});

test('a file nobody has decided about may be accepted and declined', () => {
  for (const wanted of DECISIONS) expect(objectionTo(wanted, null, asking('ann', 0))).toBeNull();
});

test('what was accepted is decided for good, and nothing is declined twice', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...DECISIONS),
      fc.integer({ min: 0, max: 60 * DAY }),
      (wanted, after) => {
        const accepted: Decided = { ...declined, decision: 'accepted' };
        expect(objectionTo(wanted, accepted, asking('bob', after))).toBe('decided');
        expect(objectionTo('declined', declined, asking('bob', after))).toBe('decided');
      },
    ),
  );
});

test('what was declined may be accepted while it is kept', () => {
  expect(objectionTo('accepted', declined, asking('bob', DAY))).toBeNull();
  expect(objectionTo('accepted', declined, asking('bob', 30 * DAY - 1))).toBeNull();
  expect(objectionTo('accepted', declined, asking('bob', 30 * DAY))).toBe('no longer kept');
});

test('nobody accepts what somebody declined while it was being asked for', () => {
  expect(objectionTo('accepted', declined, asking('bob', 0))).toBe('decided meanwhile');
  expect(objectionTo('accepted', declined, asking('bob', KNOWN_AFTER - 1))).toBe(
    'decided meanwhile',
  );
  expect(objectionTo('accepted', declined, asking('bob', KNOWN_AFTER))).toBeNull();
  expect(objectionTo('accepted', declined, asking('bob', DAY, DAY))).toBe('decided meanwhile');
  // Whoever declined it knows, unless the request was on its way before.
  expect(objectionTo('accepted', declined, asking('ann', 1))).toBeNull();
  expect(objectionTo('accepted', declined, asking('ann', 5, 10))).toBe('decided meanwhile');
});
