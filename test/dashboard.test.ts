/** The dashboard for operators asks for metrics that API and worker really have. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { freePort } from '../dev/servers/ports.ts';
import { observeBacklog } from '../platform/backlog-metrics.ts';
import { createMetrics } from '../platform/metrics.ts';
import { startApi, type TestApi, testEnvironment } from './support/api.ts';
import { eventually } from './support/eventually.ts';
import { buildLink } from './support/links.ts';

const DASHBOARD = new URL('../docs/operations/dashboard.json', import.meta.url);

let api: TestApi;
let worker: ChildProcess;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
  await api.stop();
});

async function scrape(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return answer.text();
}

/** Names in the form that Prometheus reads: those of samples, and those that a `TYPE` announces. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/^(?:# TYPE )?([a-z_]\w*)/gm)].map(([, name]) => name ?? '');
}

test('every metric that it asks for exists', async () => {
  const [port, temporalPort] = [await freePort(), await freePort()];
  worker = spawn(process.execPath, [`${import.meta.dirname}/../worker.ts`], {
    env: testEnvironment(api.urls.appUrl, {
      PATH: process.env['PATH'] ?? '',
      TEMPORAL_TASK_QUEUE_PREFIX: `dashboard-${port}`,
      TEMPORAL_METRICS_ADDRESS: `127.0.0.1:${temporalPort}`,
      CASEBRIDGE_WORKER_PORT: String(port),
    }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const metrics = createMetrics('api');
  metrics.observeStreams(() => 0);
  observeBacklog(metrics.registry, api.database);
  const ofApi = await metrics.registry.metrics();
  const ofWorker = await eventually('the worker to show its metrics', () =>
    scrape(port).catch(() => null),
  );
  await buildLink(api, { files: { 'a.txt': Buffer.from('a') } });
  const ofTemporal = await eventually('the SDK to have measured a turn', async () => {
    const text = await scrape(temporalPort).catch(() => '');
    return text.includes('temporal_activity_schedule_to_start_latency') && text;
  });
  const known = new Set([ofApi, ofWorker, ofTemporal].flatMap(namesIn));

  const dashboard = JSON.parse(await readFile(DASHBOARD, 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  const asked = dashboard.panels
    .flatMap(({ targets }) => targets ?? [])
    .flatMap(({ expr }) => expr.match(/\b(?:casebridge|temporal|process|nodejs)_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(20);
  const unknown = asked.filter((name) => {
    const family = name.replace(/_(bucket|count|sum)$/, '');
    return !known.has(name) && !known.has(family);
  });
  expect(unknown).toEqual([]);
});
