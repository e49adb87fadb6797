import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../dev/servers/ports.ts';
import { testEnvironment } from '../test/support/api.ts';
import { createDatabase, type TestDatabase } from '../test/support/servers.ts';

let database: TestDatabase;
let environment: Record<string, string>;
let api: ChildProcess;
let output: string;

beforeAll(async () => {
  database = await createDatabase();
  environment = testEnvironment(database.appUrl, {
    PATH: process.env.PATH ?? '',
    CASEBRIDGE_PORT: String(await freePort()),
    CASEBRIDGE_INTERNAL_PORT: String(await freePort()),
    LOG_LEVEL: 'info',
  });
});
afterEach(async () => {
  if (api.exitCode === null && api.signalCode === null) {
    const exited = once(api, 'exit');
    api.kill('SIGKILL');
    await exited;
  }
});
afterAll(() => database.drop());

function start(variables: Readonly<Record<string, string>> = {}): void {
  output = '';
  api = spawn(process.execPath, [`${import.meta.dirname}/server.ts`], {
    env: { ...environment, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  api.stdout?.on('data', collect);
  api.stderr?.on('data', collect);
}

async function get(port: 'CASEBRIDGE_PORT' | 'CASEBRIDGE_INTERNAL_PORT', path: string) {
  const answer = await fetch(`http://127.0.0.1:${environment[port]}${path}`);
  return { status: answer.status, body: await answer.text() };
}

/** Asks until the answer has this status. */
async function until(status: number, path: string): Promise<string> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await get('CASEBRIDGE_INTERNAL_PORT', path).catch(() => null);
    if (answer?.status === status) return answer.body;
    if (performance.now() > deadline) throw new Error(`${path} is not ${status}:\n${output}`);
    await pause(100);
  }
}

test('starts, tells its health and metrics, and stops cleanly when it is told to', async () => {
  start();
  const ready = await until(200, '/health/ready');
  expect(JSON.parse(ready)).toEqual({
    ready: true,
    stopping: false,
    checks: { postgresql: 'ok', objectStore: 'ok' },
  });
  expect(await get('CASEBRIDGE_PORT', '/health/live')).toEqual({
    status: 200,
    body: '{"live":true}',
  });
  expect((await get('CASEBRIDGE_PORT', '/health/ready')).status).toBe(200);
  expect((await get('CASEBRIDGE_PORT', '/metrics')).status).toBe(404);
  const metrics = (await get('CASEBRIDGE_INTERNAL_PORT', '/metrics')).body;
  expect(metrics).toContain(
    'casebridge_http_request_duration_seconds_count{process="api",method="GET",route="/health/live",status="200"} 1',
  );
  for (const name of ['unplanned', 'overdue', 'attention']) {
    expect(metrics).toContain(
      `casebridge_lifecycles_${name}{kind="download-link",process="api"} 0`,
    );
  }
  expect(metrics).toContain('process_resident_memory_bytes');
  const exited = once(api, 'exit');
  api.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('starts and lives without its servers, is not ready, and says which is away', async () => {
  start({ DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z', TEMPORAL_ADDRESS: '127.0.0.1:1' });
  const body = await until(503, '/health/ready');
  expect(JSON.parse(body).checks).toEqual({ postgresql: 'failed', objectStore: 'ok' });
  expect((await get('CASEBRIDGE_PORT', '/health/live')).status).toBe(200);
  const metrics = await get('CASEBRIDGE_INTERNAL_PORT', '/metrics');
  expect(metrics.status).toBe(200);
  expect(metrics.body).not.toMatch(/^casebridge_lifecycles_overdue\{/m);
});

test('ends with 78 and every fault where its configuration does not hold', async () => {
  start({ S3_BUCKET: '', LINK_KEYS: 'short' });
  expect(await once(api, 'exit')).toEqual([78, null]);
  expect(output).toContain('S3_BUCKET');
  expect(output).toContain('LINK_KEYS');
  expect(output).not.toContain('short');
});
