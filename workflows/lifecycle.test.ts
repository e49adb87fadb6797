/** The loop of every life, with activities that tests give, on the real Temporal server. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { workflowIdOf } from '../domain/lifecycle/life.ts';
import { taskQueueName } from '../platform/temporal/names.ts';
import { eventually } from '../test/support/eventually.ts';
import { begin, FINISHED, idle, plan, scripted } from '../test/support/loop.ts';
import { connectTemporal, type TestTemporal, withActivities } from '../test/support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(async () => temporal.close());

const MINUTE = 60_000;

async function runs(handle: WorkflowHandle): Promise<boolean> {
  return (await handle.describe()).status.name === 'RUNNING';
}

test('a poke that comes while the turn reads a finished row is planned for', async () => {
  let handle: WorkflowHandle | undefined;
  let committed = true;
  const script = scripted(async () => {
    // The command commits after the facts were read and before the answer is known.
    if (!committed) {
      committed = true;
      await handle?.signal('poke');
    }
    return FINISHED;
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    for (let round = 1; round <= 5; round += 1) {
      const workflowId = workflowIdOf('download-link', randomUUID());
      handle = temporal.client.workflow.getHandle(workflowId);
      committed = false;
      await begin(temporal, 'downloadLink', workflowId);
      await handle.result();
      expect(script.turns).toBe(2 * round);
    }
  });
});

test('a finished life begins again with the next poke', async () => {
  const script = scripted(() => FINISHED);
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const workflowId = workflowIdOf('download-link', randomUUID());
    for (let life = 1; life <= 3; life += 1) {
      const handle = await temporal.client.workflow.signalWithStart('downloadLink', {
        workflowId,
        taskQueue: taskQueueName(temporal.taskQueuePrefix, 'lifecycle'),
        signal: 'poke',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      await handle.result();
      expect(script.turns).toBeGreaterThanOrEqual(life);
    }
  });
});

test('a storm of pokes while a turn is out collapses into one more, which plans for the last of them', async () => {
  const release = Promise.withResolvers<void>();
  let facts = 0;
  let planned = 0;
  const script = scripted(async (turn) => {
    planned = facts;
    if (turn === 1) await release.promise;
    return plan();
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin(temporal);
    await eventually('the first turn', () => script.turns > 0);
    await Promise.all(
      Array.from({ length: 300 }, async () => {
        facts += 1;
        await handle.signal('poke');
      }),
    ).finally(release.resolve);
    await eventually('the last fact to be planned for', () => planned === 300);
    await eventually('the life to sleep', async () => {
      const { raw } = await handle.describe();
      return raw.pendingActivities?.length === 0 && raw.pendingWorkflowTask == null;
    });
    expect(script.turns).toBe(2);
    await handle.terminate();
  });
});

test('a turn that keeps failing is shown as attention, and a poke heals it', async () => {
  let broken = true;
  const script = scripted(() => {
    if (broken)
      throw ApplicationFailure.create({
        message: 'the database is away',
        type: 'PostgresAway',
        nextRetryDelay: '1 millisecond',
      });
    return FINISHED;
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin(temporal);
    await eventually('the attention', async () => {
      const { typedSearchAttributes } = await handle.describe();
      return JSON.stringify(typedSearchAttributes).includes(
        'the turn keeps failing (PostgresAway)',
      );
    });
    expect(await runs(handle)).toBe(true);
    broken = false;
    await handle.signal('poke');
    await handle.result();
  });
});

test('a life wakes at its instant, by its own clock', async () => {
  const instants: number[] = [];
  const script = scripted((turn, now) => {
    instants.push(now);
    return turn === 1 ? plan({ wakeAt: now + 90 * 24 * 60 * MINUTE }) : FINISHED;
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin(temporal);
    await eventually('the first turn', () => script.turns === 1);
    await temporal.fastForward(handle.workflowId, 91 * 24 * 60 * MINUTE);
    await handle.result();
    const [first = 0, second = 0] = instants;
    expect(second - first).toBeGreaterThanOrEqual(90 * 24 * 60 * MINUTE);
    expect(second - first).toBeLessThan(90 * 24 * 60 * MINUTE + MINUTE);
  });
});

test('a long history is continued in a new run: no poke is lost, and what operators see stays true', async () => {
  let facts = 0;
  let planned = -1;
  let deadline: string | null = '2030-01-01T00:00:00.000Z';
  const script = scripted(() => {
    planned = facts;
    const { shown } = plan();
    return plan({ shown: { ...shown, nextDeadline: deadline, attention: deadline && 'look' } });
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin(temporal);
    const { runId } = await handle.describe();
    const life = temporal.client.workflow.getHandle(handle.workflowId);
    await eventually(
      'a new run',
      async () => {
        facts += 1;
        await life.signal('poke');
        await eventually('the poke to be planned for', () => planned === facts);
        return facts % 50 === 0 && (await life.describe()).runId !== runId;
      },
      100,
    );
    deadline = null;
    facts += 1;
    await life.signal('poke');
    await eventually('the new run to plan', () => planned === facts);
    await eventually('what is over to be shown no more', async () => {
      const { searchAttributes } = await life.describe();
      return !('Attention' in searchAttributes) && !('NextDeadline' in searchAttributes);
    });
    expect((await life.describe()).searchAttributes).toMatchObject({ State: ['active'] });
    await life.terminate();
  });
}, 120_000);

test('a life whose turns keep failing is continued in a new run too', async () => {
  const script = scripted(() => {
    throw ApplicationFailure.create({ message: 'broken', type: 'Broken', nonRetryable: true });
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin(temporal);
    const { runId } = await handle.describe();
    const life = temporal.client.workflow.getHandle(handle.workflowId);
    await eventually(
      'a new run',
      async () => {
        const before = script.turns;
        await life.signal('poke');
        await eventually('another turn', () => script.turns > before);
        return script.turns % 50 === 0 && (await life.describe()).runId !== runId;
      },
      100,
    );
    await life.terminate();
  });
}, 120_000);
