/** The life of reconciliation, its metrics and the operator's command, with everything real. */
import { execFile } from 'node:child_process';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { beginReconciliation } from '../../domain/reconciliation/begin-reconciliation.ts';
import { reconcileSlice } from '../../domain/reconciliation/reconcile.ts';
import { observeBacklog } from '../../platform/backlog-metrics.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { testEnvironment } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { buildUser } from '../support/factories.ts';
import { buildLink } from '../support/links.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { reconcilingOn } from '../support/reconciliation.ts';
import { inDays } from '../support/retention.ts';

const HOUR = 3_600_000;

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(() => lives.stop());

interface Row {
  id: string;
  ended_at: Date | null;
  position: { check: string } | null;
  last_totals: { checked: Record<string, number>; repaired: Record<string, number> } | null;
}

async function rowOf(): Promise<Row> {
  const [row, ...more] = await lives.api.database.em
    .fork()
    .execute<Row[]>('select * from reconciliation');
  if (row === undefined || more.length > 0) throw new Error('one installation has one');
  return row;
}

async function attention(): Promise<string | null | undefined> {
  const [row] = await lives.api.database.em
    .fork()
    .execute<{ attention: string | null }[]>(
      `select attention from lifecycles where kind = 'reconciliation'`,
    );
  return row?.attention;
}

async function sleeping(): Promise<string> {
  const { shareId } = await buildLink(lives.api);
  const id = workflowIdOf('download-link', shareId);
  await eventually('the life to sleep', async () => {
    const rows = await lives.api.database.em
      .fork()
      .execute<unknown[]>(
        'select 1 from lifecycles where workflow_id = ? and planned = wanted and wake_at is not null',
        [id],
      );
    return rows.length > 0;
  });
  return id;
}

test('an hour after the first start it compares everything, repairs, and shows what it cannot repair', async () => {
  const { organizationId } = await buildUser(lives.api);
  const lost = lives.temporal.client.workflow.getHandle(await sleeping());
  await beginReconciliation(lives.api, new Date());
  const { id } = await rowOf();
  const life = workflowIdOf('reconciliation', id);
  const handle = lives.temporal.client.workflow.getHandle(life);
  await eventually('it to wait', async () => {
    const { searchAttributes } = (await handle.describe().catch(() => null)) ?? {};
    return searchAttributes?.['WaitingFor']?.[0] === 'the next reconciliation';
  });
  await lost.terminate();
  // As if the end of a chain that was in order yesterday had been cut off.
  await lives.api.database.em.fork().execute(
    `insert into audit_verifications (organization_id, whole_since, noted_sequence, noted_hash)
     values (?, now(), 99, repeat('0', 64))`,
    [organizationId],
  );
  await lives.temporal.fastForward(life, HOUR + 60_000);
  const { last_totals: totals } = await eventually('a run', async () => {
    const row = await rowOf();
    return row.ended_at !== null && row;
  });
  expect(totals?.repaired).toEqual({ 'life-without-workflow': 1 });
  expect(totals?.checked['audit chains']).toBeGreaterThan(0);
  await eventually('the life to begin again', async () => {
    return (await lost.describe()).status.name === 'RUNNING';
  });
  const found = 'reconciliation found 1 chain-broken';
  await eventually('the attention', async () => (await attention()) === found);
  const metrics = createMetrics('test');
  observeBacklog(metrics.registry, lives.api.database);
  const text = await metrics.registry.metrics();
  expect(text).toContain(
    'casebridge_reconciliation_findings{kind="chain-broken",process="test"} 1',
  );
  expect(text).toContain(
    'casebridge_reconciliation_findings{kind="object-missing",process="test"} 0',
  );
  expect(text).toContain(
    'casebridge_reconciliation_repaired{kind="life-without-workflow",process="test"} 1',
  );

  await handle.terminate();
  await beginReconciliation(lives.api, new Date());
  expect((await rowOf()).id).toBe(id);
  await eventually('it to be there again', async () => {
    return (await handle.describe()).status.name === 'RUNNING';
  });
  await lives.api.database.em.fork().execute('delete from audit_verifications');
}, 120_000);

test('a run that broke off goes on where it was, and none begins before the next is due', async () => {
  await beginReconciliation(lives.api, new Date());
  const { id } = await rowOf();
  const life = workflowIdOf('reconciliation', id);
  await lives.stopWorker();
  const deps = reconcilingOn(lives);
  const away = {
    ...deps,
    engine: {
      ...deps.engine,
      running: async () => {
        throw new Error('Temporal is away');
      },
    },
  };
  const never = new AbortController().signal;
  const slice = (on: typeof deps, days: number) => reconcileSlice(on, life, inDays(days), never);
  await expect(slice(away, 2)).rejects.toThrow('Temporal is away');
  expect((await rowOf()).position).toMatchObject({ check: 'workflows' });
  expect(await slice(deps, 2)).toBe(true);
  expect((await rowOf()).position).toBeNull();
  expect(await slice(deps, 2.5)).toBe(false);
  expect(await slice(deps, 3.1)).toBe(true);
  await lives.startWorker();
});

/** Runs the command as a process of its own, as `npm run admin -- reconcile` does. */
async function command(...flags: string[]): Promise<{ status: number; stdout: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; stdout: string }>();
  execFile(
    process.execPath,
    [`${import.meta.dirname}/../../admin/main.ts`, 'reconcile', ...flags],
    {
      env: testEnvironment(lives.api.urls.appUrl, {
        PATH: process.env['PATH'] ?? '',
        TEMPORAL_TASK_QUEUE_PREFIX: lives.temporal.taskQueuePrefix,
      }),
      timeout: 30_000,
    },
    (error, stdout) => resolve({ status: error === null ? 0 : Number(error.code), stdout }),
  );
  return promise;
}

test('the command finds nothing where all is well, and names, repairs and reports what is not', async () => {
  const id = await sleeping();
  expect(await command()).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^lives \d+ .*\nNothing was found\.\n$/),
  });
  const handle = lives.temporal.client.workflow.getHandle(id);
  await handle.terminate();
  const engine = reconcilingOn(lives).engine;
  await eventually('it to be off the list', async () => {
    return !(await engine.runningAmong([id as never])).has(id);
  });
  const repaired = await command('--repair', '--json');
  expect(repaired.status).toBe(1);
  expect(JSON.parse(repaired.stdout)).toMatchObject({
    checked: { lives: expect.any(Number) },
    findings: [{ kind: 'life-without-workflow', subject: id, repaired: true }],
  });
  await eventually('it to run again', async () => {
    return (await handle.describe()).status.name === 'RUNNING';
  });
});
