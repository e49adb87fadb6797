import fc from 'fast-check';
import { SPACING } from '../../notifications/reminder-rule.ts';
import {
  inviteReminders,
  nextPortalInviteStep,
  type PortalInviteFacts,
  type PortalInviteStep,
} from './portal-invite-rule.ts';

const SENT = Date.parse('2026-03-01T09:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (after: number) => new Date(SENT + after);

const INVITED: PortalInviteFacts = {
  closedAt: null,
  spentAt: null,
  expiresAt: at(10 * DAY),
  linkExpiresAt: at(10 * DAY),
  delivers: true,
  reminds: true,
  sending: 1,
  invitedSending: 1,
  invitedAt: at(0),
  lastMailAt: at(0),
  remindersUsed: [],
  expiryHandledFor: null,
  discardedFor: null,
};
const next = (facts: Partial<PortalInviteFacts>, after: number) =>
  nextPortalInviteStep({ ...INVITED, ...facts }, at(after));

describe('an invite', () => {
  test('is sent at once, and again whenever that is asked for', () => {
    expect(next({ invitedSending: 0, invitedAt: null }, 0)).toEqual({
      type: 'due',
      step: 'invite',
    });
    expect(next({ sending: 2 }, 3 * DAY)).toEqual({ type: 'due', step: 'invite' });
  });

  test('is reminded of 2 and 5 days after it was sent, and 1 day before it expires', () => {
    expect(next({}, 0)).toMatchObject({ type: 'wait', for: 'a reminder', until: at(2 * DAY) });
    expect(next({}, 2 * DAY)).toEqual({ type: 'due', step: 'remind' });
    expect(next({ remindersUsed: ['2 days'] }, 2 * DAY)).toMatchObject({ until: at(5 * DAY) });
    expect(next({ remindersUsed: ['2 days', '5 days'] }, 5 * DAY)).toMatchObject({
      until: at(9 * DAY),
    });
    const all = { remindersUsed: ['2 days', '5 days', 'last day'] } as const;
    expect(next(all, 9 * DAY)).toMatchObject({ for: 'expiry', until: at(10 * DAY) });
  });

  test('uses its reminders up without sending where they are switched off or not available', () => {
    expect(next({ reminds: false }, 2 * DAY)).toEqual({ type: 'due', step: 'skip reminders' });
  });

  test('skips what is past but the last, and what would come within a day of the last message', () => {
    expect(inviteReminders(INVITED, at(9 * DAY)).due).toEqual(['2 days', '5 days', 'last day']);
    expect(next({}, 9 * DAY)).toEqual({ type: 'due', step: 'remind' });
    expect(next({ lastMailAt: at(9 * DAY - HOUR) }, 9 * DAY)).toEqual({
      type: 'due',
      step: 'skip reminders',
    });
  });

  test('whose link somebody else passes on is not reminded of', () => {
    expect(next({ delivers: false }, 5 * DAY)).toMatchObject({
      for: 'expiry',
      until: at(10 * DAY),
    });
  });

  test('is not sent once it has expired, but recorded, and discarded 14 days later', () => {
    expect(next({ sending: 2 }, 10 * DAY)).toEqual({ type: 'due', step: 'handle expiry' });
    const handled = { expiryHandledFor: at(10 * DAY) };
    expect(next(handled, 10 * DAY)).toMatchObject({ type: 'wait', until: at(24 * DAY) });
    expect(next(handled, 24 * DAY)).toEqual({ type: 'due', step: 'discard' });
    expect(next({ ...handled, discardedFor: at(10 * DAY) }, 24 * DAY)).toEqual({
      type: 'finished',
    });
  });

  test('expires with its portal', () => {
    expect(next({ expiresAt: at(DAY) }, DAY)).toEqual({ type: 'due', step: 'handle expiry' });
    expect(next({ expiresAt: at(DAY), remindersUsed: ['last day'] }, 0)).toMatchObject({
      for: 'expiry',
      until: at(DAY),
    });
  });

  test('is over once something was handed in; through a closed portal, once it is discarded', () => {
    expect(next({ spentAt: at(DAY) }, 2 * DAY)).toEqual({ type: 'finished' });
    expect(next({ closedAt: at(DAY) }, 2 * DAY)).toEqual({ type: 'due', step: 'discard' });
    expect(next({ closedAt: at(DAY), discardedFor: at(10 * DAY) }, 2 * DAY)).toEqual({
      type: 'finished',
    });
  });
});

const happenings = ['turn', 'turn', 'resend', 'switch', 'extend', 'close', 'submit'] as const;
const event = fc.record({
  wait: fc.integer({ min: 1, max: 4 * 24 }).map((hours) => hours * HOUR + 17),
  what: fc.constantFrom(...happenings),
});

interface Said {
  readonly step: 'invite' | 'remind';
  readonly at: number;
  readonly facts: PortalInviteFacts;
}

/** Lets an invite live through what happens, as its life would; gives the messages and how it ended. */
function live(events: readonly { wait: number; what: (typeof happenings)[number] }[]) {
  let facts: PortalInviteFacts = {
    ...INVITED,
    invitedSending: 0,
    invitedAt: null,
    lastMailAt: null,
  };
  const said: Said[] = [];
  let clock = SENT;
  const turn = () => {
    for (let steps = 0; ; steps += 1) {
      expect(steps).toBeLessThan(8);
      const now = new Date(clock);
      const planned = nextPortalInviteStep(facts, now);
      if (planned.type !== 'due') return planned;
      if (planned.step === 'invite' || planned.step === 'remind') {
        said.push({ step: planned.step, at: clock, facts });
      }
      const before = facts;
      facts = performed(facts, planned.step, now);
      expect(facts).not.toEqual(before);
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
  return {
    said,
    facts,
    end: (after: number) => nextPortalInviteStep(facts, new Date(clock + after)),
  };
}

function happened(
  facts: PortalInviteFacts,
  what: (typeof happenings)[number],
  now: Date,
): PortalInviteFacts {
  const isOver = facts.closedAt !== null || facts.spentAt !== null || facts.discardedFor !== null;
  if (isOver) return facts;
  const renewed = new Date(now.getTime() + 10 * DAY);
  switch (what) {
    case 'resend': {
      const until = facts.expiresAt <= now ? renewed : facts.expiresAt;
      return { ...facts, sending: facts.sending + 1, expiresAt: until, linkExpiresAt: until };
    }
    case 'switch':
      return { ...facts, reminds: !facts.reminds };
    case 'extend':
      return { ...facts, expiresAt: facts.linkExpiresAt };
    case 'close':
      return { ...facts, closedAt: now };
    case 'submit':
      return facts.expiresAt > now ? { ...facts, spentAt: now } : facts;
    case 'turn':
      return facts;
  }
}

function performed(facts: PortalInviteFacts, step: PortalInviteStep, now: Date): PortalInviteFacts {
  const { due } = inviteReminders(facts, now);
  switch (step) {
    case 'invite':
      return {
        ...facts,
        ...{ invitedSending: facts.sending, invitedAt: now, lastMailAt: now, remindersUsed: [] },
      };
    case 'remind':
      return { ...facts, remindersUsed: [...facts.remindersUsed, ...due], lastMailAt: now };
    case 'skip reminders':
      return { ...facts, remindersUsed: [...facts.remindersUsed, ...due] };
    case 'handle expiry':
      return { ...facts, expiryHandledFor: facts.expiresAt };
    case 'discard':
      return { ...facts, discardedFor: facts.linkExpiresAt };
  }
}

describe('whatever happens, and whenever anybody looks', () => {
  const lives = fc.array(event, { maxLength: 25 });

  test('a reminder comes a day at least after the message before it, thrice at most for a sending', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const { said } = live(events);
        for (const [index, message] of said.entries()) {
          const before = said[index - 1];
          if (message.step === 'remind' && before !== undefined) {
            expect(message.at - before.at).toBeGreaterThanOrEqual(SPACING);
          }
        }
        for (const sending of new Set(said.map(({ facts }) => facts.sending))) {
          const reminders = said.filter(
            ({ step, facts }) => step === 'remind' && facts.sending === sending,
          );
          expect(reminders.length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  test('nobody is told of what was handed in, closed or has expired, or reminded where that is off', () => {
    fc.assert(
      fc.property(lives, (events) => {
        for (const { step, at: clock, facts } of live(events).said) {
          expect([facts.spentAt, facts.closedAt]).toEqual([null, null]);
          expect(facts.expiresAt.getTime()).toBeGreaterThan(clock);
          if (step === 'remind') expect(facts.reminds).toBe(true);
        }
      }),
    );
  });

  test('it comes to its end', () => {
    fc.assert(
      fc.property(lives, (events) => {
        const wait = (what: (typeof happenings)[number]) => ({ wait: 25 * DAY, what });
        const { end } = live([...events, wait('turn'), wait('turn')]);
        expect(end(0)).toEqual({ type: 'finished' });
      }),
    );
  });
});
