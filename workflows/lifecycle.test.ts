/** The loop of every life, with activities that tests give, on the real Temporal server. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Plan, WorkName } from '../domain/lifecycle/life.ts';
import { workflowIdOf } from '../domain/lifecycle/life.ts';
import { taskQueueName } from '../platform/temporal/task-queues.ts';
import { eventually } from '../test/support/eventually.ts';
import { connectTemporal, type TestTemporal, withActivities } from '../test/support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(async () => temporal.close());

const MINUTE = 60_000;

function plan(fields: Partial<Plan> = {}): Plan {
  return {
    finished: false,
    wakeAt: null,
    work: [],
    shown: {
      state: 'active',
      organizationId: 'org',
      caseId: null,
      waitingFor: 'somebody',
      nextDeadline: null,
      attention: null,
      steps: [],
    },
    ...fields,
  };
}

const FINISHED = plan({ finished: true });

/** A turn by turn script; what it was asked is kept. */
function scripted(
  answer: (turn: number, now: number, troubled: WorkName | null) => Plan | Promise<Plan>,
) {
  let turns = 0;
  return {
    get turns() {
      return turns;
    },
    turn: async (_id: string, now: number, troubled: WorkName | null) => {
      turns += 1;
      return answer(turns, now, troubled);
    },
  };
}

const idle = {
  mail: { sendMail: async () => {} },
  bytes: { verifyUploads: async () => {}, tidyUploads: async () => {} },
};

async function begin(
  type: 'downloadLink' | 'evidenceIntake' = 'downloadLink',
  workflowId = workflowIdOf(
    type === 'downloadLink' ? 'download-link' : 'evidence-intake',
    randomUUID(),
  ),
): Promise<WorkflowHandle> {
  return temporal.client.workflow.start(type, {
    workflowId,
    taskQueue: taskQueueName(temporal.taskQueuePrefix, 'lifecycle'),
  });
}

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
      await begin('downloadLink', workflowId);
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

test('a storm of pokes collapses into few turns, and the last one is planned for', async () => {
  let facts = 0;
  let planned = 0;
  const script = scripted(() => {
    planned = facts;
    return plan();
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin();
    await eventually('the first turn', () => script.turns > 0);
    await Promise.all(
      Array.from({ length: 300 }, async () => {
        facts += 1;
        await handle.signal('poke');
      }),
    );
    await eventually('the last fact to be planned for', () => planned === facts);
    expect(script.turns).toBeLessThan(150);
    await handle.terminate();
  });
});

test('long work runs beside the loop, which still hears pokes', async () => {
  let release = () => {};
  const working = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun = 0;
  const script = scripted((turn) => (turn < 3 ? plan({ work: ['verify'] }) : FINISHED));
  const bytes = {
    verifyUploads: async () => {
      begun += 1;
      await working;
    },
    tidyUploads: async () => {},
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin('evidenceIntake');
    await eventually('the work to begin', () => begun === 1);
    await handle.signal('poke');
    await eventually('a turn beside the work', () => script.turns === 2);
    expect(begun).toBe(1);
    release();
    await handle.result();
    expect(script.turns).toBe(3);
    expect(begun).toBe(1);
  });
});

test('work that is wanted no more is cancelled', async () => {
  let cancelled = false;
  const script = scripted((turn) => (turn === 1 ? plan({ work: ['verify'] }) : FINISHED));
  const { Context } = await import('@temporalio/activity');
  const bytes = {
    verifyUploads: async () => {
      const context = Context.current();
      const beating = setInterval(() => context.heartbeat(), 100);
      try {
        await context.cancelled;
      } catch (error) {
        cancelled = true;
        throw error;
      } finally {
        clearInterval(beating);
      }
    },
    tidyUploads: async () => {},
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin('evidenceIntake');
    await eventually('the work to begin', async () => {
      const { raw } = await handle.describe();
      return (raw.pendingActivities ?? []).some(
        (activity) => activity.activityType?.name === 'verifyUploads',
      );
    });
    await handle.signal('poke');
    await handle.result();
    expect(cancelled).toBe(true);
  });
});

test('a turn that keeps failing is shown as attention, and a poke heals it', async () => {
  let broken = true;
  const script = scripted(() => {
    if (broken)
      throw ApplicationFailure.create({
        message: 'the database is away',
        nextRetryDelay: '1 millisecond',
      });
    return FINISHED;
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin();
    await eventually('the attention', async () => {
      const { typedSearchAttributes } = await handle.describe();
      return JSON.stringify(typedSearchAttributes).includes('the turn keeps failing');
    });
    expect(await runs(handle)).toBe(true);
    broken = false;
    await handle.signal('poke');
    await handle.result();
  });
});

test('work that keeps failing is told to the turn, and tried again after a poke', async () => {
  let broken = true;
  const told: (WorkName | null)[] = [];
  const script = scripted((_turn, _now, troubled) => {
    told.push(troubled);
    return broken ? plan({ work: ['tidy'] }) : FINISHED;
  });
  const bytes = {
    verifyUploads: async () => {},
    tidyUploads: async () => {
      throw ApplicationFailure.create({ message: 'the store is away', nonRetryable: true });
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin('evidenceIntake');
    await eventually('the turn to be told', () => told.includes('tidy'));
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
    const handle = await begin();
    await eventually('the first turn', () => script.turns === 1);
    await temporal.fastForward(handle.workflowId, 91 * 24 * 60 * MINUTE);
    await handle.result();
    const [first = 0, second = 0] = instants;
    expect(second - first).toBeGreaterThanOrEqual(90 * 24 * 60 * MINUTE);
    expect(second - first).toBeLessThan(90 * 24 * 60 * MINUTE + MINUTE);
  });
});

test('a long history is continued in a new run, and no poke is lost on the way', async () => {
  let facts = 0;
  let planned = -1;
  const script = scripted(() => {
    planned = facts;
    return plan();
  });
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    const handle = await begin();
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
    facts += 1;
    await life.signal('poke');
    await eventually('the new run to plan', () => planned === facts);
    await life.terminate();
  });
}, 120_000);
