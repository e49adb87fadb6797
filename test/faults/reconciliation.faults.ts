/** Temporal wiped under 300 lives: how fast the relay heals it alone, and what reconciliation adds. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../dev/servers/ports.ts';
import { startTemporal } from '../../dev/servers/temporal.ts';
import { startApi, type TestApi, testEnvironment } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildUser } from '../support/factories.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';

const LIVES = 300;

let api: TestApi;
let folder: string;
let port: number;
let engine: Awaited<ReturnType<typeof startTemporal>>;
let variables: Record<string, string>;
let worker: TestProcess;

async function startEngine(): Promise<void> {
  const name = randomBytes(4).toString('hex');
  engine = await startTemporal({
    dataDir: join(folder, name),
    logFile: join(folder, `${name}.log`),
    storage: 'memory',
    port,
  });
}

/** Nothing is left of what Temporal knew. */
async function wipe(): Promise<void> {
  engine.kill();
  await engine.exited;
  await startEngine();
}

async function sql<Row>(text: string): Promise<Row[]> {
  return api.database.em.fork().execute<Row[]>(text);
}

/** Tells how long something took, from the instant at which it could begin. */
async function measured(what: string, isDone: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  await eventually(what, isDone, 180);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${what}: ${seconds.toFixed(1)} s, ${(LIVES / seconds).toFixed(0)} a second\n`,
  );
}

async function planned(condition: string): Promise<boolean> {
  const [row] = await sql<{ count: number }>(
    `select count(*)::int as count from lifecycles where kind = 'download-link' and ${condition}`,
  );
  return row?.count === LIVES;
}

beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'casebridge-reconciliation-'));
  port = await freePort();
  await startEngine();
  variables = testEnvironment(api.urls.appUrl, {
    TEMPORAL_ADDRESS: engine.address,
    TEMPORAL_TASK_QUEUE_PREFIX: `wiped-${randomBytes(4).toString('hex')}`,
    CASEBRIDGE_WORKER_PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
  });
  const owner = await buildUser(api);
  const inCase = await buildCase(api, { owner });
  await buildEvidence(api, { owner, inCase });
  for (let made = 0; made < LIVES; made += 1) {
    const answer = await api.post(`/cases/${inCase.id}/shares`, owner, {
      method: 'download_link',
      format: 'zip',
      scope: { type: 'entire_case' },
      durationDays: 30,
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  }
}, 300_000);
afterAll(async () => {
  await worker.stop();
  engine.kill();
  await engine.exited;
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

test('lives that nobody poked are begun by the relay alone', async () => {
  worker = await startProcess('worker.ts', variables, variables['CASEBRIDGE_WORKER_PORT'] ?? '');
  await measured('lives begun by the relay', () => planned('planned = wanted'));
});

test('an engine that was wiped is healed by the relay alone, as soon as lives are due', async () => {
  await wipe();
  const [now] = await sql<{ at: string }>('select clock_timestamp()::text as at');
  await sql(
    `update lifecycles set wake_at = clock_timestamp() - interval '1 minute' where kind = 'download-link'`,
  );
  await Promise.all([
    measured('lives offered again by the relay', () =>
      planned(`(sent_at > '${now?.at}' or planned_at > '${now?.at}')`),
    ),
    measured('lives begun again by the relay', () => planned(`planned_at > '${now?.at}'`)),
  ]);
}, 300_000);

test('lives that are not due yet are begun again by reconciliation', async () => {
  await wipe();
  const connection = await Connection.connect({ address: engine.address });
  const client = new Client({ connection });
  const main = `${import.meta.dirname}/../../admin/main.ts`;
  const repairing = promisify(execFile)(
    process.execPath,
    [main, 'reconcile', '--repair', '--json'],
    {
      env: { PATH: process.env['PATH'] ?? '', ...variables },
      maxBuffer: 64 * 1024 ** 2,
    },
  ).catch((error: { stdout: string }) => error);
  await measured('lives begun again by reconciliation', async () => {
    const { count } = await client.workflow.count(
      `ExecutionStatus = "Running" AND WorkflowType = "downloadLink"`,
    );
    return count === LIVES;
  });
  const { findings } = JSON.parse((await repairing).stdout) as {
    findings: { kind: string; repaired: boolean }[];
  };
  const repaired = findings.filter((one) => one.kind === 'life-without-workflow' && one.repaired);
  expect(repaired.length).toBeGreaterThanOrEqual(LIVES);
  await connection.close();
}, 300_000);
