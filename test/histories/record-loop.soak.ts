/**
 * Records the courses that a life takes when things go wrong, with scripted activities: what failed in
 * them does not matter to the loop. Run it with the others (`npm run histories`); keep the older files.
 */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { parseWorkflowId, workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventually } from '../support/eventually.ts';
import { away, begin, beginLong, FINISHED, idle, plan, scripted } from '../support/loop.ts';
import { connectTemporal, type TestTemporal, withActivities } from '../support/temporal.ts';
import { writeHistory } from './write-history.ts';

const MINUTE = 60_000;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(async () => temporal.close());

async function record(course: string, handle: WorkflowHandle): Promise<void> {
  const { kind } = parseWorkflowId(handle.workflowId);
  await writeHistory(`${kind}.${course}`, handle);
}

test('work that failed, was tried again by itself, and succeeded', async () => {
  let tries = 0;
  const lifecycle = scripted(() => (tries < 2 ? plan({ work: ['verify'] }) : FINISHED));
  const bytes = {
    ...idle.bytes,
    verifyUploads: async () => {
      tries += 1;
      return tries < 2 ? away() : true;
    },
  };
  await withActivities(temporal, { lifecycle, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('the failure to be told', () => lifecycle.turns >= 2);
    await temporal.fastForward(handle.workflowId, 11 * MINUTE);
    await handle.result();
    await record('work-failed', handle);
  });
});

test('work whose worker was lost in its last attempt', async () => {
  let tries = 0;
  const lifecycle = scripted(() => (tries < 2 ? plan({ work: ['verify'] }) : FINISHED));
  const bytes = {
    ...idle.bytes,
    verifyUploads: async () => {
      tries += 1;
      if (tries === 1) {
        throw ApplicationFailure.create({ type: 'WorkerShutdown', nonRetryable: true });
      }
      return true;
    },
  };
  await withActivities(temporal, { lifecycle, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await handle.result();
    await record('worker-lost', handle);
  });
});

test('work that did nothing for a while', async () => {
  let tries = 0;
  const lifecycle = scripted(() => (tries < 4 ? plan({ work: ['tidy'] }) : FINISHED));
  const bytes = {
    ...idle.bytes,
    tidyUploads: async () => {
      tries += 1;
      return tries === 4;
    },
  };
  await withActivities(temporal, { lifecycle, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await handle.result();
    await record('work-without-effect', handle);
  });
});

test('work that was cancelled while another went on', async () => {
  const lifecycle = scripted((turn) => {
    if (turn === 1) return plan({ work: ['verify', 'tidy'] });
    return turn === 2 ? plan({ work: ['tidy'] }) : FINISHED;
  });
  let tidied = () => {};
  const tidying = new Promise<void>((resolve) => {
    tidied = resolve;
  });
  const bytes = {
    verifyUploads: async () => {
      const context = Context.current();
      const beating = setInterval(() => context.heartbeat(), 100);
      try {
        return await context.cancelled;
      } finally {
        tidied();
        clearInterval(beating);
      }
    },
    tidyUploads: async () => {
      await tidying;
      return true;
    },
  };
  await withActivities(temporal, { lifecycle, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('both to begin', async () => {
      const { raw } = await handle.describe();
      const pending = (raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name);
      return pending.includes('verifyUploads') && pending.includes('tidyUploads');
    });
    await handle.signal('poke');
    await handle.result();
    await record('work-cancelled', handle);
  });
});

test('turns that failed, again after a while, until a poke healed them', async () => {
  const lifecycle = scripted((turn) => (turn < 3 ? away() : FINISHED));
  await withActivities(temporal, { lifecycle, ...idle }, async () => {
    const handle = await begin(temporal);
    await eventually('the failure to be shown', async () => {
      return JSON.stringify((await handle.describe()).searchAttributes).includes('StoreAway');
    });
    await temporal.fastForward(handle.workflowId, 11 * MINUTE);
    await eventually('another turn', () => lifecycle.turns === 2);
    await handle.signal('poke');
    await handle.result();
    await record('turn-failed', handle);
  });
});

test('work that the worker does not know, as of a newer one', async () => {
  const lifecycle = scripted((turn) => (turn === 1 ? plan({ work: ['copy'] }) : FINISHED));
  await withActivities(temporal, { lifecycle, ...idle }, async () => {
    const handle = await begin(temporal);
    await eventually('the first turn', () => lifecycle.turns === 1);
    await temporal.fastForward(handle.workflowId, 11 * MINUTE);
    await handle.result();
    await record('work-unknown', handle);
  });
});

test('a life that was over while its work still ran', async () => {
  const lifecycle = scripted((turn) => (turn === 1 ? plan({ work: ['tidy'] }) : FINISHED));
  const bytes = {
    ...idle.bytes,
    tidyUploads: async () => {
      await eventually('the turn that ends it', () => lifecycle.turns === 2);
      return true;
    },
  };
  await withActivities(temporal, { lifecycle, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('the first turn', () => lifecycle.turns === 1);
    await handle.signal('poke');
    await handle.result();
    await record('finished-while-working', handle);
  });
});

test('a life that was poked while the turn was out that would have ended it', async () => {
  const workflowId = workflowIdOf('download-link', randomUUID());
  const life = temporal.client.workflow.getHandle(workflowId);
  const lifecycle = scripted(async (turn) => {
    if (turn === 1) await life.signal('poke');
    return FINISHED;
  });
  await withActivities(temporal, { lifecycle, ...idle }, async () => {
    await begin(temporal, 'downloadLink', workflowId);
    await life.result();
    await record('poked-at-its-end', life);
  });
});

test('work that failed, was wanted no more, and is wanted again', async () => {
  const lifecycle = scripted((turn, now) => {
    if (turn > 4) return FINISHED;
    return plan({ work: turn === 3 ? [] : ['tidy'], wakeAt: now + 2_000 });
  });
  let tries = 0;
  const bytes = {
    ...idle.bytes,
    tidyUploads: async () => {
      tries += 1;
      return tries === 1 ? away() : true;
    },
  };
  await withActivities(temporal, { lifecycle, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await handle.result();
    await record('work-wanted-again', handle);
  });
});

test('a life that an operator cancelled in the Temporal UI', async () => {
  const lifecycle = scripted(() => plan({ work: ['tidy'] }));
  const bytes = {
    ...idle.bytes,
    tidyUploads: async () => {
      const context = Context.current();
      const beating = setInterval(() => context.heartbeat(), 100);
      return context.cancelled.finally(() => clearInterval(beating));
    },
  };
  await withActivities(temporal, { lifecycle, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('the work to begin', async () => {
      const { raw } = await handle.describe();
      return raw.pendingActivities?.some(
        ({ activityType }) => activityType?.name === 'tidyUploads',
      );
    });
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    await record('ended-by-operator', handle);
  });
});

test('mail that could not be sent, then was', async () => {
  let sent = 0;
  const lifecycle = scripted(() => (sent < 2 ? plan({ work: ['mail'] }) : FINISHED));
  const mail = {
    sendMail: async () => {
      sent += 1;
      return sent < 2 ? away() : true;
    },
  };
  await withActivities(temporal, { lifecycle, mail, bytes: idle.bytes }, async () => {
    const handle = await begin(temporal);
    await eventually('the failure to be told', () => lifecycle.turns >= 2);
    await handle.signal('poke');
    await handle.result();
    await record('mail-failed', handle);
  });
});

test('a long life that was continued in a new run', async () => {
  let finished = false;
  let planned = 0;
  const lifecycle = scripted((turn) => {
    planned = turn;
    return finished ? FINISHED : plan();
  });
  await withActivities(temporal, { lifecycle, ...idle }, async () => {
    const first = await begin(temporal);
    const { runId } = await first.describe();
    const life = temporal.client.workflow.getHandle(first.workflowId);
    await eventually(
      'a new run',
      async () => {
        const before = planned;
        await life.signal('poke');
        await eventually('another turn', () => planned > before);
        return planned % 50 === 0 && (await life.describe()).runId !== runId;
      },
      100,
    );
    finished = true;
    await life.signal('poke');
    await life.result();
    await record('continued-1', temporal.client.workflow.getHandle(first.workflowId, runId));
    await record('continued-2', life);
  });
}, 120_000);

test('a long life whose work was due when its run got too long', async () => {
  let begun = 0;
  const lifecycle = scripted((_turn, now) =>
    begun === 0 ? plan({ work: ['mail'], wakeAt: now + 10 * MINUTE }) : FINISHED,
  );
  const mail = {
    sendMail: async () => {
      begun += 1;
      return true;
    },
  };
  const life = await beginLong(temporal);
  const { runId } = await life.describe();
  await withActivities(temporal, { lifecycle, mail, bytes: idle.bytes }, async () => {
    await life.result();
    await record('work-in-new-run', temporal.client.workflow.getHandle(life.workflowId, runId));
  });
});
