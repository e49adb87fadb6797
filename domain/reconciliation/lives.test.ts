import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { taskQueueName } from '../../platform/temporal/names.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildUser } from '../../test/support/factories.ts';
import { buildLink } from '../../test/support/links.ts';
import { startLives, type TestLives } from '../../test/support/lives.ts';
import { reconcile, reconcilingOn } from '../../test/support/reconciliation.ts';
import { testServers } from '../../test/support/servers.ts';
import { uploadFile } from '../../test/support/uploads.ts';
import { type WorkflowId, workflowIdOf } from '../lifecycle/life.ts';
import type { ReconcilingDeps } from './check.ts';

let lives: TestLives;
let deps: ReconcilingDeps;
beforeAll(async () => {
  lives = await startLives();
  deps = reconcilingOn(lives);
});
afterAll(() => lives.stop());

const handleOf = (workflowId: string) => lives.temporal.client.workflow.getHandle(workflowId);

async function statusOf(handle: WorkflowHandle): Promise<string> {
  return (await handle.describe()).status.name;
}

async function isListed(workflowId: string): Promise<boolean> {
  return (await deps.engine.runningAmong([workflowId as WorkflowId])).has(workflowId);
}

/** A link whose life sleeps until its expiry comes near. */
async function buildSleeping(): Promise<WorkflowId> {
  const { shareId } = await buildLink(lives.api);
  const id = workflowIdOf('download-link', shareId);
  await eventually('the life to sleep', async () => {
    const [row] = await lives.api.database.em
      .fork()
      .execute<{ sleeps: boolean }[]>(
        'select planned = wanted and wake_at is not null as sleeps from lifecycles where workflow_id = ?',
        [id],
      );
    return row?.sleeps === true && (await isListed(id));
  });
  return id;
}

test('an installation that works has no findings, whatever is under way', async () => {
  const owner = await buildUser(lives.api);
  let isDone = false;
  const work = Promise.all(
    Array.from({ length: 3 }, async () => {
      for (let made = 0; made < 2; made += 1) {
        await buildLink(lives.api, { owner });
        await uploadFile(lives.api, owner, { content: Buffer.from(randomUUID()) });
      }
    }),
  ).finally(() => {
    isDone = true;
  });
  do expect(await reconcile(deps)).toEqual([]);
  while (!isDone);
  await work;
  expect(await reconcile(deps)).toEqual([]);
});

test('a life whose workflow is gone is found; the repair begins it again, and then all is well', async () => {
  const [deleted, terminated] = [await buildSleeping(), await buildSleeping()];
  await lives.temporal.client.workflowService.deleteWorkflowExecution({
    namespace: testServers().temporal.namespace,
    workflowExecution: { workflowId: deleted },
  });
  await handleOf(terminated).terminate();
  await eventually('both to be off the list', async () => {
    return !(await isListed(deleted)) && !(await isListed(terminated));
  });
  const found = await reconcile(deps);
  expect(found.map(({ kind, subject }) => [kind, subject])).toEqual(
    [deleted, terminated].toSorted().map((id) => ['life-without-workflow', id]),
  );
  expect(found[0]).toMatchObject({ detail: 'no workflow', repaired: false });
  expect(await reconcile(deps, { repair: true })).toHaveLength(2);
  for (const id of [deleted, terminated]) {
    await eventually('it to run again', () => isListed(id));
  }
  expect(await reconcile(deps)).toEqual([]);
});

test('a command whose poke was lost is on its way for two minutes, and found after that', async () => {
  const { shareId } = await buildLink({ ...lives.api, poke: () => undefined });
  const id = workflowIdOf('download-link', shareId);
  expect(await reconcile(deps)).toEqual([]);
  await lives.api.database.em
    .fork()
    .execute(
      `update lifecycles set wanted_at = wanted_at - interval '2 minutes' where workflow_id = ?`,
      [id],
    );
  expect(await reconcile(deps, { repair: true })).toMatchObject([{ subject: id, repaired: true }]);
  await eventually('it to run', () => isListed(id));
  expect(await reconcile(deps)).toEqual([]);
});

test('a life that runs on a queue nobody serves is found, and left to people', async () => {
  const id = await buildSleeping();
  await handleOf(id).terminate();
  await eventually('it to be off the list', async () => !(await isListed(id)));
  const elsewhere = await lives.temporal.client.workflow.start('downloadLink', {
    workflowId: id,
    taskQueue: taskQueueName('another', 'lifecycle'),
  });
  expect(await reconcile(deps, { repair: true })).toMatchObject([
    { subject: id, detail: 'its workflow is on another task queue', repaired: false },
  ]);
  expect(await statusOf(elsewhere)).toBe('RUNNING');
  await elsewhere.terminate();
  await reconcile(deps, { repair: true });
  await eventually('it to run again', () => isListed(id));
});

test('a workflow whose row is gone is found; the repair lets it end itself', async () => {
  const id = await buildSleeping();
  await lives.api.database.em.fork().execute('delete from lifecycles where workflow_id = ?', [id]);
  const [found, ...others] = await reconcile(deps);
  expect(found).toMatchObject({ kind: 'workflow-without-row', subject: id, repaired: false });
  expect(others).toEqual([]);
  expect(await statusOf(handleOf(id))).toBe('RUNNING');
  expect(await reconcile(deps, { repair: true })).toMatchObject([{ repaired: true }]);
  await eventually('it to end', async () => (await statusOf(handleOf(id))) === 'COMPLETED');
  await eventually('it to be off the list', async () => !(await isListed(id)));
  expect(await reconcile(deps)).toEqual([]);
});

test('a workflow of another installation, and one that is no life, are not touched', async () => {
  const start = async (workflowId: string, prefix: string) =>
    lives.temporal.client.workflow.start('downloadLink', {
      workflowId,
      taskQueue: taskQueueName(prefix, 'lifecycle'),
    });
  const other = await start(workflowIdOf('download-link', randomUUID()), 'another');
  const stranger = `by-hand-${randomUUID()}`;
  const { taskQueuePrefix } = lives.temporal;
  const byHand = await start(stranger, taskQueuePrefix);
  await eventually('it to be listed', () => isListed(stranger));
  expect(await reconcile(deps, { repair: true })).toMatchObject([
    { kind: 'workflow-without-row', subject: stranger, repaired: false },
  ]);
  expect(await statusOf(other)).toBe('RUNNING');
  await Promise.all([other.terminate(), byHand.terminate()]);
});
