/** The long work beside the loop of every life, with activities that tests give, on the real Temporal server. */
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Troubled } from '../domain/lifecycle/life.ts';
import { eventually } from '../test/support/eventually.ts';
import { away, begin, beginLong, FINISHED, idle, plan, scripted } from '../test/support/loop.ts';
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

test('long work runs beside the loop, which still hears pokes', async () => {
  let release = () => {};
  const working = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun = 0;
  const script = scripted((turn) => (turn < 3 ? plan({ work: ['verify'] }) : FINISHED));
  const bytes = {
    ...idle.bytes,
    verifyUploads: async () => {
      begun += 1;
      await working;
      return true;
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
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
    ...idle.bytes,
    verifyUploads: async () => {
      const context = Context.current();
      const beating = setInterval(() => context.heartbeat(), 100);
      try {
        return await context.cancelled;
      } catch (error) {
        cancelled = true;
        throw error;
      } finally {
        clearInterval(beating);
      }
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
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

test('work that keeps failing is told to the turn, and tried again after a poke', async () => {
  let broken = true;
  let told: readonly Troubled[] = [];
  let tries = 0;
  const script = scripted((_turn, _now, troubled) => {
    told = troubled;
    return broken ? plan({ work: ['tidy'] }) : FINISHED;
  });
  const bytes = {
    ...idle.bytes,
    tidyUploads: async () => {
      tries += 1;
      return away();
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('the turn to be told', () => told.length > 0);
    expect(told).toEqual([{ work: 'tidy', failure: 'StoreAway' }]);
    expect(await runs(handle)).toBe(true);
    await handle.signal('poke');
    await eventually('another try', () => tries === 2);
    broken = false;
    await handle.signal('poke');
    await handle.result();
  });
});

test('work whose worker was lost in all attempts goes on at once, and is told meanwhile', async () => {
  let told: readonly Troubled[] = [];
  let toldAt = 0;
  const begunAt: number[] = [];
  const script = scripted((_turn, now, troubled) => {
    if (troubled.length > 0) toldAt = now;
    told = troubled;
    return begunAt.length < 2 ? plan({ work: ['verify'] }) : FINISHED;
  });
  const bytes = {
    ...idle.bytes,
    verifyUploads: async (_id: string, now: number) => {
      begunAt.push(now);
      if (begunAt.length === 1) {
        throw ApplicationFailure.create({ type: 'WorkerShutdown', nonRetryable: true });
      }
      return true;
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await handle.result();
    expect(begunAt).toHaveLength(2);
    // By the workflow's clock, which counts what it waited for on purpose.
    expect((begunAt[1] ?? 0) - toldAt).toBeLessThan(MINUTE);
    expect(toldAt).toBeGreaterThan(0);
    expect(told).toEqual([]);
  });
});

test('work that fails while a turn is under way is told to the next turn at once', async () => {
  let failed = () => {};
  const failure = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const told: string[][] = [];
  const script = scripted(async (turn, _now, troubled) => {
    told.push(troubled.map(({ work }) => work));
    // The work fails while this second turn is out.
    if (turn === 2) await failure;
    return turn < 3 ? plan({ work: ['verify'] }) : FINISHED;
  });
  const bytes = {
    ...idle.bytes,
    verifyUploads: async () => {
      await eventually('the second turn', () => script.turns === 2);
      failed();
      return away();
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('the first turn', () => script.turns === 1);
    await handle.signal('poke');
    await handle.result();
    expect(told.at(-1)).toEqual(['verify']);
  });
});

test('two works that fail are told both, each rests by itself, and the loop does not run hot', async () => {
  let told: readonly Troubled[] = [];
  const tries = { verify: 0, tidy: 0 };
  const script = scripted((_turn, _now, troubled) => {
    told = troubled;
    return plan({ work: ['verify', 'tidy'] });
  });
  const bytes = {
    verifyUploads: async () => {
      tries.verify += 1;
      return away();
    },
    tidyUploads: async () => {
      tries.tidy += 1;
      return away();
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('both to be told', () => told.length === 2);
    expect(tries).toEqual({ verify: 1, tidy: 1 });
    expect(script.turns).toBeLessThanOrEqual(4);
    await temporal.fastForward(handle.workflowId, 11 * MINUTE);
    await eventually('both to be tried again by themselves', () => {
      return tries.verify >= 2 && tries.tidy >= 2;
    });
    await handle.terminate();
  });
});

test('work that is due and never does anything rests longer each time, and is told', async () => {
  let told: readonly Troubled[] = [];
  let tries = 0;
  const script = scripted((_turn, _now, troubled) => {
    told = troubled;
    return plan({ work: ['verify'] });
  });
  const bytes = {
    ...idle.bytes,
    verifyUploads: async () => {
      tries += 1;
      return false;
    },
  };
  await withActivities(temporal, { lifecycle: script, mail: idle.mail, bytes }, async () => {
    const handle = await begin(temporal, 'evidenceIntake');
    await eventually('a first try', () => tries > 0);
    // 1, 2, 4 … 256 seconds are nine rests; the tenth is the longest, of five minutes.
    await temporal.fastForward(handle.workflowId, 20 * MINUTE);
    await eventually('the turn to be told', () => told.length > 0);
    expect(told).toEqual([{ work: 'verify', failure: 'is due and does nothing' }]);
    expect(tries).toBeGreaterThanOrEqual(10);
    expect(tries).toBeLessThan(20);
    await handle.terminate();
  });
});

test('work that is due when a run gets too long begins in the next one, without a rest', async () => {
  const script = scripted((_turn, now) => plan({ work: ['mail'], wakeAt: now + 10 * MINUTE }));
  const life = await beginLong(temporal);
  const { runId } = await life.describe();
  await withActivities(temporal, { lifecycle: script, ...idle }, async () => {
    await eventually('a new run', async () => (await life.describe()).runId !== runId);
    await eventually('its work to end', () => script.turns > 2);
    await life.terminate();
  });
});
