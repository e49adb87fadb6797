/** What operators see of each kind of life in the Temporal UI, on the real server. */
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { workflowMetadataQuery } from '@temporalio/workflow';
import type { BytesActivities } from '../activities/index.ts';
import { LIVES_DESCRIBED, WORK_DESCRIBED } from '../domain/lifecycle/described.ts';
import {
  LIFE_KINDS,
  LIVES_AND_WORK,
  parseWorkflowId,
  type WorkflowId,
  type WorkName,
} from '../domain/lifecycle/life.ts';
import { eventually } from '../test/support/eventually.ts';
import { away, beginKind, plan } from '../test/support/loop.ts';
import { connectTemporal, type TestTemporal, withActivities } from '../test/support/temporal.ts';
import { planQuery } from './plan-query.ts';

const HOUR = 3_600_000;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(async () => temporal.close());

const workOf = (id: string): readonly WorkName[] => [
  ...LIVES_AND_WORK[parseWorkflowId(id).kind],
  'mail',
];

/** Turns that first ask for all work, then for none; and work that ends when it is told to. */
function activities() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const turns = new Map<string, number>();
  const deadlines = new Map<string, number>();
  const slice = async () => {
    await promise;
    return true;
  };
  const bytes: Record<keyof BytesActivities, typeof slice> = {
    verifyUploads: slice,
    tidyUploads: slice,
    copyFiles: slice,
    tidyCopies: slice,
    recalculateRetention: slice,
    lookAtDue: slice,
    destroyDue: slice,
    takeInventory: slice,
    reconcile: slice,
  };
  const turn = async (id: WorkflowId, now: number) => {
    const count = (turns.get(id) ?? 0) + 1;
    turns.set(id, count);
    const deadline = deadlines.get(id) ?? now + HOUR;
    deadlines.set(id, deadline);
    const nextDeadline = new Date(deadline).toISOString();
    const { shown } = plan();
    return plan({
      wakeAt: deadline,
      work: count === 1 ? workOf(id) : [],
      shown: {
        ...shown,
        waitingFor: 'the harvest',
        nextDeadline,
        steps: count === 1 ? ['sow'] : [],
      },
    });
  };
  return { lifecycle: { turn }, mail: { sendMail: slice }, bytes, deadlines, release: resolve };
}

async function details(handle: WorkflowHandle): Promise<string> {
  return (await handle.query(workflowMetadataQuery)).currentDetails ?? '';
}

/** The summaries of all events of a kind, null for one without. */
async function summaries(
  handle: WorkflowHandle,
  of: 'timerStartedEventAttributes' | 'activityTaskScheduledEventAttributes',
): Promise<(string | null)[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .filter((event) => event[of] != null)
    .map(({ userMetadata }) => {
      const summary = userMetadata?.summary;
      return summary == null ? null : defaultPayloadConverter.fromPayload<string>(summary);
    });
}

test('each kind of life says what it is, what it waits for, until when, and what happened last', async () => {
  const given = activities();
  await withActivities(temporal, given, async () => {
    try {
      const lives = await Promise.all(LIFE_KINDS.map(async (kind) => beginKind(temporal, kind)));
      for (const handle of lives) await looksAsItWorks(handle, given.deadlines);
      given.release();
      for (const handle of lives) await looksAsItSleeps(handle);
    } finally {
      // A worker ends after its work only.
      given.release();
    }
  });
});

async function looksAsItWorks(
  handle: WorkflowHandle,
  deadlines: ReadonlyMap<string, number>,
): Promise<void> {
  const { kind } = parseWorkflowId(handle.workflowId);
  const work = workOf(handle.workflowId);
  await eventually('all work to run', async () => {
    return (await handle.query(planQuery)).running.length === work.length;
  });
  const deadline = new Date(deadlines.get(handle.workflowId) ?? Number.NaN);
  const shown = await details(handle);
  expect(shown).toContain(`**${kind}** · active`);
  expect(shown).toContain(LIVES_DESCRIBED[kind]);
  expect(shown).toContain('- waiting for: the harvest');
  expect(shown).toContain(`- until: ${deadline.toISOString()}`);
  expect(shown).toContain(`- running: ${work.join(', ')}`);
  expect(shown).toMatch(/- happened last: sow, \d{4}-/);
}

async function looksAsItSleeps(handle: WorkflowHandle): Promise<void> {
  const { kind } = parseWorkflowId(handle.workflowId);
  const work = workOf(handle.workflowId);
  const view = await eventually('the work to end', async () => {
    const now = await handle.query(planQuery);
    return now.running.length === 0 && work.some((name) => now.last?.did === `${name} ran`) && now;
  });
  expect(view).toMatchObject({ kind, resting: [], attention: null });
  expect(await details(handle)).toContain('- running: nothing');
  const timers = await eventually('a timer', async () => {
    const found = await summaries(handle, 'timerStartedEventAttributes');
    return found.length > 0 && found;
  });
  expect(new Set(timers)).toEqual(new Set(['the harvest']));
  const [first, ...others] = await summaries(handle, 'activityTaskScheduledEventAttributes');
  expect(first).toBe('plan: the workflow begins, or goes on in a new run');
  expect(others).toEqual(expect.arrayContaining(work.map((name) => WORK_DESCRIBED[name])));
  expect(others).not.toContain(null);
  await handle.terminate();
}

test('work that failed is shown as resting, a turn that fails as attention, both until they go right', async () => {
  let broken = true;
  const turn = async () => {
    if (broken) away();
    return plan({ work: ['mail'] });
  };
  const given = { ...activities(), lifecycle: { turn }, mail: { sendMail: async () => away() } };
  await withActivities(temporal, given, async () => {
    const handle = await beginKind(temporal, 'download-link');
    await eventually('the attention', async () =>
      (await details(handle)).includes('**needs attention**: the turn keeps failing (StoreAway)'),
    );
    broken = false;
    await handle.signal('poke');
    await eventually('the rest', async () =>
      /- resting: mail until .* \(StoreAway\)/.test(await details(handle)),
    );
    expect(await details(handle)).not.toContain('needs attention');
    await eventually('the reasons of turns', async () => {
      const found = await summaries(handle, 'activityTaskScheduledEventAttributes');
      return found.includes('plan: something was changed') && found.includes('plan: mail ended');
    });
    await handle.terminate();
  });
});

test('progress is an attribute while it is measured, and is taken away again', async () => {
  const { shown } = plan();
  const answers = [
    plan({ shown: { ...shown, progress: { percent: 40, text: '2 of 5 files' } } }),
    plan({ shown: { ...shown, progress: null } }),
  ];
  const given = { ...activities(), lifecycle: { turn: async () => answers.shift() ?? plan() } };
  await withActivities(temporal, given, async () => {
    const handle = await beginKind(temporal, 'case-copy');
    const progress = async () => (await handle.describe()).searchAttributes['Progress'];
    await eventually('the progress', async () => (await progress())?.[0] === 40);
    expect(await details(handle)).toContain('- progress: 40 %, 2 of 5 files');
    await handle.signal('poke');
    await eventually('the progress to go', async () => (await progress()) === undefined);
    expect(await details(handle)).not.toContain('progress');
    await handle.terminate();
  });
});
