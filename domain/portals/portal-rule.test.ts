import { nextPortalStep, type PortalFacts } from './portal-rule.ts';

const MADE = Date.parse('2026-03-01T09:00:00.000Z');
const DAY = 24 * 3_600_000;
const at = (after: number) => new Date(MADE + after);

const FRESH: PortalFacts = {
  closedAt: null,
  expiresAt: null,
  creationTold: true,
  expiryHandledFor: null,
  untold: 0,
  waitsForSight: false,
};
const next = (facts: Partial<PortalFacts>, after = 0) =>
  nextPortalStep({ ...FRESH, ...facts }, at(after));

test('its making is told first', () => {
  const fresh = { creationTold: false, untold: 1, expiresAt: at(0) };
  expect(next(fresh)).toEqual({ type: 'due', step: 'tell of creation' });
});

test('a submission is told at once, but not while an earlier one was told and not seen', () => {
  expect(next({ untold: 1 })).toEqual({ type: 'due', step: 'tell of submissions' });
  expect(next({ untold: 1, waitsForSight: true })).toMatchObject({ type: 'wait', until: null });
});

test('expiry is recorded once, and once more after it was moved', () => {
  const facts = { expiresAt: at(DAY) };
  expect(next(facts)).toEqual({ type: 'wait', for: 'expiry', until: at(DAY), work: [] });
  expect(next(facts, DAY)).toEqual({ type: 'due', step: 'handle expiry' });
  const handled = { ...facts, expiryHandledFor: at(DAY) };
  expect(next(handled, DAY)).toMatchObject({ type: 'wait', until: null });
  expect(next({ ...handled, expiresAt: at(2 * DAY) }, DAY)).toMatchObject({ until: at(2 * DAY) });
});

test('one that never expires waits to be closed, and ends then with nothing left to tell', () => {
  expect(next({}, 10_000 * DAY)).toMatchObject({ type: 'wait', until: null });
  expect(next({ closedAt: at(0), untold: 2 })).toEqual({
    type: 'due',
    step: 'tell of submissions',
  });
  expect(next({ closedAt: at(0) })).toEqual({ type: 'finished' });
  expect(next({ closedAt: at(0), untold: 2, waitsForSight: true })).toEqual({ type: 'finished' });
});
