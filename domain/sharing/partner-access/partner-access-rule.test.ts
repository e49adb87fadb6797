import fc from 'fast-check';
import {
  NOTICE_BEFORE,
  nextPartnerAccessStep,
  type PartnerAccessFacts,
  type PartnerAccessStep,
} from './partner-access-rule.ts';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const GIVEN = new Date('2026-03-01T08:15:00.000Z');

function at(milliseconds: number): Date {
  return new Date(GIVEN.getTime() + milliseconds);
}

function access(facts: Partial<PartnerAccessFacts> = {}): PartnerAccessFacts {
  return {
    durationDays: 90,
    expiresAt: at(90 * DAY),
    endedAt: null,
    expiryNoticeFor: null,
    expiryHandledFor: null,
    uninvited: 0,
    untold: 0,
    ...facts,
  };
}

/** What performing a step does to the facts, as the life's steps do it. */
function performed(facts: PartnerAccessFacts, step: PartnerAccessStep): PartnerAccessFacts {
  switch (step) {
    case 'invite':
      return { ...facts, uninvited: 0 };
    case 'tell of the end':
      return { ...facts, untold: 0 };
    case 'tell of expiry':
      return { ...facts, expiryNoticeFor: facts.expiresAt };
    case 'handle expiry':
      return { ...facts, expiryHandledFor: facts.expiresAt };
    default:
      return step satisfies never;
  }
}

interface Done {
  readonly step: PartnerAccessStep;
  readonly at: Date;
}

/** Lives on from an instant, waking when asked; gives the steps with their instants, and how it ended. */
function liveThrough(begun: PartnerAccessFacts, from: Date): { done: Done[]; ended: string } {
  const done: Done[] = [];
  let [facts, now] = [begun, from];
  for (let round = 0; round < 20; round += 1) {
    const next = nextPartnerAccessStep(facts, now);
    if (next.type === 'finished') return { done, ended: 'finished' };
    if (next.type === 'due') {
      done.push({ step: next.step, at: now });
      facts = performed(facts, next.step);
    } else if (next.until === null) return { done, ended: next.for };
    else now = next.until;
  }
  throw new Error('it never rests');
}

const steps = (begun: PartnerAccessFacts, from = GIVEN) =>
  liveThrough(begun, from).done.map(({ step }) => step);

test('recipients are invited, told three days before the end, and the end is recorded', () => {
  expect(liveThrough(access({ uninvited: 2 }), GIVEN)).toEqual({
    done: [
      { step: 'invite', at: GIVEN },
      { step: 'tell of expiry', at: at(87 * DAY) },
      { step: 'handle expiry', at: at(90 * DAY) },
    ],
    ended: 'finished',
  });
});

test('access that lasts six days or less ends without notice, one of seven has it', () => {
  const lasting = (days: number) => access({ durationDays: days, expiresAt: at(days * DAY) });
  expect(steps(lasting(6))).toEqual(['handle expiry']);
  expect(steps(lasting(7))).toEqual(['tell of expiry', 'handle expiry']);
});

test('access of an entire organization waits for a change', () => {
  const forever = access({ durationDays: null, expiresAt: null, uninvited: 1 });
  expect(liveThrough(forever, GIVEN)).toEqual({
    done: [{ step: 'invite', at: GIVEN }],
    ended: 'a change of the access',
  });
});

test('access that has ended is told to those who had it, and nobody is invited to it', () => {
  const ended = access({ endedAt: at(DAY), uninvited: 1, untold: 2 });
  expect(steps(ended, at(DAY))).toEqual(['tell of the end']);
});

test('nobody is invited to what has expired, nor told of an expiry that is past', () => {
  expect(steps(access({ uninvited: 3 }), at(91 * DAY))).toEqual(['handle expiry']);
});

const days = fc.integer({ min: 1, max: 365 });
const facts = fc
  .record({
    durationDays: fc.option(days),
    endedAt: fc.option(fc.integer({ min: 0, max: 400 * DAY })),
    noticed: fc.boolean(),
    handled: fc.boolean(),
    uninvited: fc.nat(3),
    untold: fc.nat(3),
  })
  .map(({ durationDays, endedAt, noticed, handled, ...counts }) => {
    const expiresAt = durationDays === null ? null : at(durationDays * DAY);
    return access({
      ...counts,
      durationDays,
      expiresAt,
      endedAt: endedAt === null ? null : at(endedAt),
      expiryNoticeFor: noticed ? expiresAt : null,
      expiryHandledFor: handled ? expiresAt : null,
    });
  });
const instant = fc.integer({ min: 0, max: 400 * DAY }).map(at);

test('whenever it is asked, it comes to rest, and does nothing twice', () => {
  fc.assert(
    fc.property(facts, instant, (begun, from) => {
      const { done } = liveThrough(begun, from);
      expect(new Set(done.map(({ step }) => step)).size).toBe(done.length);
    }),
  );
});

test('it never sleeps past an expiry, and a notice comes at most three days before one', () => {
  fc.assert(
    fc.property(facts, instant, (begun, now) => {
      const next = nextPartnerAccessStep(begun, now);
      const { expiresAt } = begun;
      if (next.type === 'wait' && expiresAt !== null) {
        expect(next.until?.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
      }
      if (next.type === 'due' && next.step === 'tell of expiry') {
        const left = (expiresAt?.getTime() ?? 0) - now.getTime();
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(NOTICE_BEFORE);
      }
    }),
  );
});

test('what has ended invites nobody and tells of no expiry', () => {
  fc.assert(
    fc.property(facts, instant, (begun, now) => {
      const ended = { ...begun, endedAt: now };
      expect(steps(ended, now).filter((step) => step !== 'tell of the end')).toEqual([]);
    }),
  );
});
