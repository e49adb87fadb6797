import fc from 'fast-check';
import { SPACING } from '../notifications/reminder-rule.ts';
import {
  nextUploadRequestStep,
  RECEIVED_EVERY,
  REMINDERS,
  reminders,
  type UploadRequestFacts,
} from './upload-request-rule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SENT = Date.UTC(2026, 0, 10, 12);
const at = (milliseconds: number) => new Date(SENT + milliseconds);

/** A request that was just sent, with a link of 14 days. */
const FRESH: UploadRequestFacts = {
  closedAt: null,
  expiresAt: at(14 * DAY),
  sending: 1,
  invitedSending: 1,
  invitedAt: at(0),
  lastMailAt: at(0),
  remindersUsed: [],
  hasCompleted: false,
  expiryHandledFor: null,
  unfinished: 0,
  verifying: 0,
  unreportedSince: null,
  closingToldAt: null,
  logMailsWanted: 0,
  logMailsWritten: 0,
};

const next = (facts: Partial<UploadRequestFacts>, milliseconds: number) =>
  nextUploadRequestStep({ ...FRESH, ...facts }, at(milliseconds));

describe('one after the other', () => {
  test('the invitation is due at once', () => {
    expect(next({ invitedSending: 0, invitedAt: null, lastMailAt: null }, 0)).toEqual({
      type: 'due',
      step: 'invite',
    });
  });

  test.each([
    [[], 3 * DAY],
    [['3 days'], 7 * DAY],
    [['3 days', '7 days'], 13 * DAY],
  ] as const)('after %j it waits for a reminder at %d', (remindersUsed, moment) => {
    const lastMailAt = at(moment - 3 * DAY);
    const facts = { remindersUsed, lastMailAt };
    expect(next(facts, moment - 1)).toMatchObject({ type: 'wait', until: at(moment) });
    expect(next(facts, moment)).toEqual({ type: 'due', step: 'remind' });
  });

  test('after an outage over all reminders one goes out, and all are used', () => {
    const now = 13 * DAY + HOUR;
    expect(next({}, now)).toEqual({ type: 'due', step: 'remind' });
    expect(reminders(FRESH, at(now)).due).toEqual(['3 days', '7 days', 'last day']);
  });

  test('a reminder less than a day after the last mail is skipped', () => {
    const facts = { lastMailAt: at(3 * DAY - SPACING + 1) };
    expect(next(facts, 3 * DAY)).toEqual({ type: 'due', step: 'skip reminders' });
    expect(next({ lastMailAt: at(2 * DAY) }, 3 * DAY)).toEqual({ type: 'due', step: 'remind' });
  });

  test('once a file was completed nobody is reminded', () => {
    expect(next({ hasCompleted: true }, 3 * DAY)).toMatchObject({ type: 'wait', for: 'expiry' });
  });

  test('expiry is recorded, once for each, and then it waits for somebody', () => {
    expect(next({ remindersUsed: REMINDERS }, 14 * DAY)).toEqual({
      type: 'due',
      step: 'handle expiry',
    });
    expect(next({ expiryHandledFor: at(14 * DAY) }, 14 * DAY)).toEqual({
      type: 'wait',
      for: 'access to be asked for, or closing',
      until: null,
      work: [],
    });
  });

  test('uploads under way at expiry have 14 days more', () => {
    const facts = { expiryHandledFor: at(14 * DAY), unfinished: 1 };
    expect(next(facts, 14 * DAY)).toMatchObject({ type: 'wait', until: at(28 * DAY) });
    expect(next(facts, 28 * DAY)).toEqual({ type: 'due', step: 'end late uploads' });
  });

  test('the sender is told of files a quarter of an hour after the first of them', () => {
    const facts = { hasCompleted: true, unreportedSince: at(HOUR) };
    expect(next(facts, HOUR)).toMatchObject({ type: 'wait', until: at(HOUR + RECEIVED_EVERY) });
    expect(next(facts, HOUR + RECEIVED_EVERY)).toEqual({ type: 'due', step: 'tell of files' });
  });

  test('a closed request tells of it, lets verification end, tells of the files, and is over', () => {
    const closed = { closedAt: at(DAY), hasCompleted: true };
    const told = { ...closed, closingToldAt: at(DAY) };
    expect(next(closed, DAY)).toEqual({ type: 'due', step: 'tell of closing' });
    expect(next({ ...told, verifying: 1 }, DAY)).toMatchObject({ type: 'wait', until: null });
    expect(next({ ...told, unreportedSince: at(DAY) }, DAY)).toMatchObject({
      until: at(DAY + RECEIVED_EVERY),
    });
    expect(next({ ...told, logMailsWanted: 1 }, DAY)).toEqual({
      type: 'due',
      step: 'mail the log',
    });
    expect(next(told, DAY)).toEqual({ type: 'finished' });
  });
});

/** What may happen to a request, and how much later. */
const event = fc.record({
  wait: fc.integer({ min: 1, max: 6 * 24 }).map((hours) => hours * HOUR + 17),
  what: fc.constantFrom('turn', 'turn', 'turn', 'resend', 'extend', 'complete', 'close', 'settle'),
});

interface Told {
  readonly kind: 'invite' | 'remind';
  readonly at: number;
  readonly sending: number;
}

/** Lets a request live through what happens, as its life would; gives the mails to the trusted user. */
function live(events: readonly { wait: number; what: string }[]): {
  told: Told[];
  final: UploadRequestFacts;
} {
  let facts: UploadRequestFacts = {
    ...FRESH,
    invitedSending: 0,
    invitedAt: null,
    lastMailAt: null,
  };
  const told: Told[] = [];
  let clock = SENT;
  const turn = () => {
    for (let steps = 0; ; steps += 1) {
      expect(steps).toBeLessThan(12);
      const now = new Date(clock);
      const planned = nextUploadRequestStep(facts, now);
      if (planned.type !== 'due') return planned;
      const before = facts;
      facts = performed(facts, planned.step, now);
      expect(facts).not.toEqual(before);
      if (planned.step === 'invite' || planned.step === 'remind') {
        told.push({ kind: planned.step, at: clock, sending: facts.sending });
      }
    }
  };
  turn();
  for (const { wait, what } of events) {
    clock += wait;
    facts = happened(facts, what, new Date(clock));
    const planned = turn();
    if (planned.type === 'wait' && planned.until !== null) {
      expect(planned.until.getTime()).toBeGreaterThan(clock);
    }
  }
  return { told, final: facts };
}

function happened(facts: UploadRequestFacts, what: string, now: Date): UploadRequestFacts {
  if (facts.closedAt !== null) return facts;
  switch (what) {
    case 'resend':
      return {
        ...facts,
        sending: facts.sending + 1,
        expiresAt: facts.expiresAt <= now ? new Date(now.getTime() + 14 * DAY) : facts.expiresAt,
      };
    case 'extend':
      return { ...facts, expiresAt: new Date(now.getTime() + 2 * DAY) };
    case 'complete':
      return { ...facts, hasCompleted: true, verifying: facts.verifying + 1 };
    case 'settle':
      return facts.verifying === 0 ? facts : { ...facts, verifying: 0, unreportedSince: now };
    case 'close':
      return { ...facts, closedAt: now };
    default:
      return facts;
  }
}

function performed(facts: UploadRequestFacts, step: string, now: Date): UploadRequestFacts {
  const due = reminders(facts, now).due;
  switch (step) {
    case 'invite':
      return {
        ...facts,
        invitedSending: facts.sending,
        invitedAt: now,
        lastMailAt: now,
        remindersUsed: [],
      };
    case 'remind':
      return { ...facts, remindersUsed: [...facts.remindersUsed, ...due], lastMailAt: now };
    case 'skip reminders':
      return { ...facts, remindersUsed: [...facts.remindersUsed, ...due] };
    case 'handle expiry':
      return { ...facts, expiryHandledFor: facts.expiresAt };
    case 'end late uploads':
      return { ...facts, unfinished: 0 };
    case 'tell of files':
      return { ...facts, unreportedSince: null };
    case 'tell of closing':
      return { ...facts, closingToldAt: now };
    default:
      return { ...facts, logMailsWritten: facts.logMailsWanted };
  }
}

describe('whatever happens, and whenever anybody looks', () => {
  const lives = fc.array(event, { maxLength: 25 });

  test('a reminder comes a day at least after the mail before it, and thrice at most for a sending', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const { told } = live(events);
        for (const [index, mail] of told.entries()) {
          const before = told[index - 1];
          if (mail.kind === 'remind' && before !== undefined) {
            expect(mail.at - before.at).toBeGreaterThanOrEqual(SPACING);
          }
        }
        for (const sending of new Set(told.map((mail) => mail.sending))) {
          const of = told.filter((mail) => mail.sending === sending);
          expect(of.filter(({ kind }) => kind === 'invite')).toHaveLength(1);
          expect(of.filter(({ kind }) => kind === 'remind').length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  test('nobody is reminded of what was completed, closed or has expired', () => {
    fc.assert(
      fc.property(
        fc.record({
          hours: fc.integer({ min: 0, max: 30 * 24 }),
          hasCompleted: fc.boolean(),
          closed: fc.boolean(),
          expires: fc.integer({ min: 0, max: 30 * 24 }),
        }),
        ({ hours, hasCompleted, closed, expires }) => {
          const planned = next(
            {
              hasCompleted,
              closedAt: closed ? at(0) : null,
              expiresAt: at(expires * HOUR),
            },
            hours * HOUR,
          );
          if (hasCompleted || closed || expires <= hours) {
            expect(planned).not.toEqual({ type: 'due', step: 'remind' });
          }
        },
      ),
    );
  });

  test('a closed request comes to its end', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const { final } = live([
          ...events,
          { wait: HOUR, what: 'close' },
          { wait: HOUR, what: 'turn' },
          { wait: HOUR, what: 'turn' },
        ]);
        const over = { ...final, verifying: 0, unreportedSince: null };
        expect(nextUploadRequestStep(over, new Date())).toEqual({ type: 'finished' });
      }),
    );
  });
});
