/** One life that is poked 20,000 times, with a worker and without: what comes of it, and that nothing is lost. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { createLogger } from '../../platform/logging.ts';
import { createDispatcher } from '../../platform/temporal/dispatcher.ts';
import { eventually } from '../support/eventually.ts';
import { buildUser } from '../support/factories.ts';
import { buildLink, type TestLink } from '../support/links.ts';
import { startLives, type TestLives } from '../support/lives.ts';

const POKES = 20_000;
const AT_ONCE = 40;
const DAY = 24 * 3_600_000;

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

async function rowOf(link: TestLink) {
  const [row] = await lives.api.database.em
    .fork()
    .execute<{ planned: string; wanted: string; wake_at: Date | string | null }[]>(
      'select planned, wanted, wake_at from lifecycles where workflow_id = ?',
      [workflowIdOf('download-link', link.shareId)],
    );
  if (row === undefined) throw new Error('the link has no life');
  return row;
}

/** A link whose life sleeps. */
async function sleeping(): Promise<{ readonly link: TestLink; readonly life: WorkflowHandle }> {
  const link = await buildLink(lives.api, { owner: await buildUser(lives.api) });
  const workflowId = workflowIdOf('download-link', link.shareId);
  lives.api.poke(workflowId);
  await planned(link);
  return { link, life: lives.temporal.client.workflow.getHandle(workflowId) };
}

async function planned(link: TestLink): Promise<void> {
  await eventually(
    'the plan',
    async () => {
      const { planned: done, wanted } = await rowOf(link);
      return Number(done) >= Number(wanted);
    },
    300,
  );
}

/** Extends the link: the command whose plan must not be lost. */
async function extend({ shareId, owner }: TestLink): Promise<Date> {
  const answer = await lives.api.patch(`/shares/${shareId}`, owner, { durationDays: 60 });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return new Date(answer.body.expiresAt);
}

/**
 * Sends pokes as many clients do, none collapsed; answers how many the server took.
 * @param insist sends each until it is taken
 */
async function storm(life: WorkflowHandle, pokes: number, insist: boolean): Promise<number> {
  let left = pokes;
  let taken = 0;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      try {
        await life.signal('poke');
        taken += 1;
      } catch {
        // Too many that nobody has read yet.
        if (!insist) continue;
        left += 1;
        await pause(100);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return taken;
}

/** Every run of the life, from the last to the first. */
async function runsOf(life: WorkflowHandle) {
  const runs: { events: number; turns: number; pokes: number }[] = [];
  let runId: string | undefined = (await life.describe()).runId;
  while (runId !== undefined && runId !== '') {
    const run: WorkflowHandle = lives.temporal.client.workflow.getHandle(life.workflowId, runId);
    const all = (await run.fetchHistory()).events ?? [];
    runs.push({
      events: all.length,
      turns: all.filter(
        ({ activityTaskScheduledEventAttributes: scheduled }) =>
          scheduled?.activityType?.name === 'turn',
      ).length,
      pokes: all.filter((event) => event.workflowExecutionSignaledEventAttributes != null).length,
    });
    runId = all[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  }
  return runs;
}

function say(what: string, runs: Awaited<ReturnType<typeof runsOf>>, seconds: number): void {
  const sum = (of: 'turns' | 'pokes') => runs.reduce((total, run) => total + run[of], 0);
  process.stdout.write(
    `${what}: ${sum('pokes')} pokes in ${seconds.toFixed(0)} s, ${runs.length} runs, ` +
      `${sum('turns')} turns, histories of ${runs.map(({ events }) => events).join(', ')} events\n`,
  );
}

test('twenty thousand pokes of a life that runs: new runs, few turns, and the last command is planned', async () => {
  const { link, life } = await sleeping();
  const { runId } = await life.describe();
  const begin = performance.now();
  const current = lives.temporal.client.workflow.getHandle(life.workflowId);
  expect(await storm(current, POKES, true)).toBe(POKES);
  const expiresAt = await extend(link);
  await planned(link);
  const seconds = (performance.now() - begin) / 1000;
  const runs = await runsOf(current);
  say('with a worker', runs, seconds);
  expect((await current.describe()).runId).not.toBe(runId);
  expect(runs.length).toBeGreaterThan(1);
  expect(runs.reduce((total, { turns }) => total + turns, 0)).toBeLessThan(POKES / 4);
  // The server ends a run at 51,200 events. It keeps 10,000 pokes that wait for one turn of a busy worker.
  expect(Math.max(...runs.map(({ events }) => events))).toBeLessThan(51_200 / 2);
  const { wake_at } = await rowOf(link);
  expect(new Date(wake_at ?? 0)).toEqual(new Date(expiresAt.getTime() - 3 * DAY));
});

test('twenty thousand pokes while no worker runs: what the server refuses is delivered, and is planned later', async () => {
  const { link, life } = await sleeping();
  await lives.stopWorker();
  const begin = performance.now();
  const taken = await storm(life, POKES, false);
  expect(taken).toBeLessThanOrEqual(10_000);
  const warnings: string[] = [];
  const dispatcher = createDispatcher({
    client: lives.temporal.client,
    taskQueuePrefix: lives.temporal.taskQueuePrefix,
    logger: Object.assign(createLogger({ level: 'silent', process: 'test' }), {
      warn: (_: unknown, message: string) => warnings.push(message),
    }),
  });
  dispatcher.poke(workflowIdOf('download-link', link.shareId));
  await dispatcher.drain();
  expect(warnings).toEqual([]);
  const expiresAt = await extend(link);
  await lives.startWorker();
  await planned(link);
  const seconds = (performance.now() - begin) / 1000;
  const runs = await runsOf(lives.temporal.client.workflow.getHandle(life.workflowId));
  say('without a worker', runs, seconds);
  const { wake_at } = await rowOf(link);
  expect(new Date(wake_at ?? 0)).toEqual(new Date(expiresAt.getTime() - 3 * DAY));
});
