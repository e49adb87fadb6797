/** Recorded lives replay on the present code: none that sleeps breaks when it is deployed. */
import { DefaultLogger, type ReplayWorkerOptions, Runtime, Worker } from '@temporalio/worker';
import { WORK_DESCRIBED } from '../../domain/lifecycle/described.ts';
import { LIFE_KINDS, LIVES_AND_WORK } from '../../domain/lifecycle/life.ts';
import { testServers } from '../support/servers.ts';
import { readHistory, recordedHistories, summariesIn } from './read-history.ts';
import { LOOP_VERSION } from './write-history.ts';

const recorded = recordedHistories();
const present = recorded.filter(({ version }) => version === LOOP_VERSION);

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

test('there are recorded histories of every version of the loop', () => {
  const versions = new Set(recorded.map(({ version }) => version));
  expect([...versions].toSorted()).toEqual(
    Array.from({ length: LOOP_VERSION }, (_, index) => index + 1),
  );
});

describe('of the present version, there are recorded histories', () => {
  test('of every course that the loop can take', () => {
    expect(present.map(({ course }) => course)).toEqual(
      expect.arrayContaining([
        'sleeping',
        'expired',
        'work-failed',
        'work-without-effect',
        'work-cancelled',
        'work-unknown',
        'mail-failed',
        'turn-failed',
        'finished-while-working',
        'ended-by-operator',
        'continued-1',
        'continued-2',
        'worker-lost',
        'work-in-new-run',
        'work-wanted-again',
        'poked-at-its-end',
      ]),
    );
  });

  test.each(LIFE_KINDS)('of %s and all its work, each with a summary', (kind) => {
    const summaries = present
      .filter((history) => history.kind === kind)
      .map((history) => summariesIn(readHistory(history)));
    const activities = summaries.flatMap((summary) => summary.activities);
    expect(activities).toEqual(
      expect.arrayContaining([
        'plan: something was changed',
        ...LIVES_AND_WORK[kind].map((work) => WORK_DESCRIBED[work]),
      ]),
    );
    expect([...activities, ...summaries.flatMap(({ timers }) => timers)]).not.toContain('');
  });
});

describe('on the present code', () => {
  /** By name: what went wrong, undefined where nothing did. */
  const outcomes = new Map<string, Error | undefined>();

  // One worker for all: each costs more than what it replays.
  beforeAll(async () => {
    const histories = recorded.map((of) => ({ workflowId: of.name, history: readHistory(of) }));
    for await (const { workflowId, error } of Worker.runReplayHistories(worker(), histories)) {
      outcomes.set(workflowId, error);
    }
  });

  test.each(recorded.map(({ name }) => name))('%s replays', (name) => {
    expect(outcomes).toHaveProperty('size', recorded.length);
    expect(outcomes.get(name)).toBeUndefined();
  });
});

test('a plan that says more than the worker knew which showed it replays', async () => {
  const copy = recorded.find(({ kind, version }) => kind === 'case-copy' && version === 1);
  if (copy === undefined) throw new Error('there is no copy of the first version');
  let changed = 0;
  const changedCopy = readHistory(copy, (json) =>
    json.replaceAll(/"data": ?"(?<data>[\w+/=]+)"/g, (whole, data: string) => {
      const value = parsed(Buffer.from(data, 'base64').toString());
      if (!isPlan(value)) return whole;
      changed += 1;
      value.shown.progress = { percent: 40, text: 'of a newer worker' };
      return `"data":"${Buffer.from(JSON.stringify(value)).toString('base64')}"`;
    }),
  );
  expect(changed).toBeGreaterThan(0);
  await Worker.runReplayHistory(worker(), changedCopy, copy.name);
});

function worker(): ReplayWorkerOptions {
  const { workflowBundle } = testServers();
  if (workflowBundle === undefined) throw new Error('the workflows were not bundled');
  return { workflowBundle: { codePath: workflowBundle } };
}

function isPlan(value: unknown): value is { shown: Record<string, unknown> } {
  return typeof value === 'object' && value !== null && 'shown' in value;
}

/** Payloads are JSON but for those that are something else. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
