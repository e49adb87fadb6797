import fc from 'fast-check';
import {
  type DownloadLinkFacts,
  type DownloadLinkStep,
  nextDownloadLinkStep,
  SESSION_IDLE,
} from './download-link-rule.ts';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const BEGUN = new Date('2026-03-01T08:15:00.000Z');

function at(milliseconds: number): Date {
  return new Date(BEGUN.getTime() + milliseconds);
}

function link(facts: Partial<DownloadLinkFacts> = {}): DownloadLinkFacts {
  return {
    durationDays: 30,
    activatedAt: BEGUN,
    expiresAt: at(30 * DAY),
    revokedAt: null,
    failedAt: null,
    expiryNoticeFor: null,
    expiryHandledFor: null,
    itemsWaiting: 0,
    itemsLost: 0,
    quietestDownload: null,
    ...facts,
  };
}

const PREPARING = { activatedAt: null, expiresAt: null };

/** What performing a step does to the facts, as the life's steps do it. */
function performed(facts: DownloadLinkFacts, step: DownloadLinkStep, now: Date): DownloadLinkFacts {
  switch (step) {
    case 'activate':
      return {
        ...facts,
        activatedAt: now,
        expiresAt: new Date(now.getTime() + facts.durationDays * DAY),
      };
    case 'fail':
      return { ...facts, failedAt: now };
    case 'tell of expiry':
      return { ...facts, expiryNoticeFor: facts.expiresAt };
    case 'handle expiry':
      return { ...facts, expiryHandledFor: facts.expiresAt };
    case 'end silent downloads':
      return { ...facts, quietestDownload: null };
  }
}

/** Lives through a link from an instant on, waking when asked; gives the steps with their instants. */
function liveThrough(facts: DownloadLinkFacts, from: Date): { step: DownloadLinkStep; at: Date }[] {
  const steps: { step: DownloadLinkStep; at: Date }[] = [];
  let now = from;
  for (let round = 0; round < 50; round += 1) {
    const next = nextDownloadLinkStep(facts, now);
    if (next.type === 'finished') return steps;
    if (next.type === 'due') {
      steps.push({ step: next.step, at: now });
      facts = performed(facts, next.step, now);
    } else if (next.until === null) return steps;
    else now = next.until;
  }
  throw new Error('the life never rests');
}

test('a link is told of three days before expiry and handled at expiry', () => {
  expect(liveThrough(link(), BEGUN)).toEqual([
    { step: 'tell of expiry', at: at(27 * DAY) },
    { step: 'handle expiry', at: at(30 * DAY) },
  ]);
});

test.each([
  [6, ['handle expiry']],
  [7, ['tell of expiry', 'handle expiry']],
])('a link of %d days does %j', (days, steps) => {
  const facts = link({ durationDays: days, expiresAt: at(days * DAY) });
  expect(liveThrough(facts, BEGUN).map(({ step }) => step)).toEqual(steps);
});

test('after an outage past both deadlines nobody is told of an expiry that is over', () => {
  expect(liveThrough(link(), at(40 * DAY)).map(({ step }) => step)).toEqual(['handle expiry']);
});

test('an extension is told of anew', () => {
  const told = link({ expiryNoticeFor: at(30 * DAY), expiresAt: at(60 * DAY), durationDays: 32 });
  expect(liveThrough(told, at(28 * DAY)).map(({ step }) => step)).toEqual([
    'tell of expiry',
    'handle expiry',
  ]);
});

test('a link waits for its evidence without a deadline', () => {
  expect(nextDownloadLinkStep(link({ ...PREPARING, itemsWaiting: 2 }), BEGUN)).toEqual({
    type: 'wait',
    for: 'evidence to be verified',
    until: null,
    work: [],
  });
});

test('a link whose evidence was lost fails, also while other evidence is still verified', () => {
  const facts = link({ ...PREPARING, itemsWaiting: 2, itemsLost: 1 });
  expect(nextDownloadLinkStep(facts, BEGUN)).toEqual({ type: 'due', step: 'fail' });
});

test('a revoked link ends at once, but for downloads that are still to be ended', () => {
  expect(nextDownloadLinkStep(link({ revokedAt: BEGUN }), BEGUN)).toEqual({ type: 'finished' });
  expect(
    nextDownloadLinkStep(link({ revokedAt: BEGUN, quietestDownload: BEGUN }), BEGUN),
  ).toMatchObject({ type: 'wait', until: at(SESSION_IDLE) });
});

const instant = fc.integer({ min: -40 * DAY, max: 80 * DAY }).map(at);
const maybe = fc.option(instant, { nil: null });
const anyLink = fc
  .record({
    durationDays: fc.integer({ min: 1, max: 365 }),
    active: fc.option(fc.record({ activatedAt: instant, expiresAt: instant }), { nil: null }),
    revokedAt: maybe,
    failedAt: maybe,
    toldOfThis: fc.boolean(),
    handledThis: fc.boolean(),
    itemsWaiting: fc.integer({ min: 0, max: 3 }),
    itemsLost: fc.integer({ min: 0, max: 2 }),
    quietestDownload: maybe,
  })
  .map(
    ({ active, toldOfThis, handledThis, ...facts }): DownloadLinkFacts => ({
      ...facts,
      activatedAt: active?.activatedAt ?? null,
      expiresAt: active?.expiresAt ?? null,
      expiryNoticeFor: toldOfThis ? (active?.expiresAt ?? null) : null,
      expiryHandledFor: handledThis ? (active?.expiresAt ?? null) : null,
    }),
  );

test('a step that was performed is never due again at the same instant', () => {
  fc.assert(
    fc.property(anyLink, instant, (facts, now) => {
      const next = nextDownloadLinkStep(facts, now);
      if (next.type !== 'due') return;
      const again = nextDownloadLinkStep(performed(facts, next.step, now), now);
      expect(again).not.toEqual(next);
    }),
  );
});

test('a wait always ends after now, so the loop rests', () => {
  fc.assert(
    fc.property(anyLink, instant, (facts, now) => {
      const next = nextDownloadLinkStep(facts, now);
      if (next.type === 'wait' && next.until !== null) {
        expect(next.until.getTime()).toBeGreaterThan(now.getTime());
      }
    }),
  );
});

test('every life comes to an end or to a wait for somebody, and nobody is told twice', () => {
  fc.assert(
    fc.property(anyLink, instant, (facts, now) => {
      const steps = liveThrough(facts, now).map(({ step }) => step);
      expect(new Set(steps).size).toBe(steps.length);
    }),
  );
});

test('nobody is told of the expiry of a dead link', () => {
  fc.assert(
    fc.property(anyLink, instant, (facts, now) => {
      const next = nextDownloadLinkStep(facts, now);
      const dead =
        facts.revokedAt !== null ||
        facts.failedAt !== null ||
        (facts.expiresAt !== null && facts.expiresAt <= now);
      if (dead) expect(next).not.toEqual({ type: 'due', step: 'tell of expiry' });
    }),
  );
});
