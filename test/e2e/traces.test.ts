/** Traces, as a collector receives them by OTLP over HTTP. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { startTraceExport } from '../../platform/trace-export.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';

interface Received {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly spanId: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

let lives: TestLives;
let collector: Server;
let traces: ReturnType<typeof startTraceExport>;
const spans: Received[] = [];
let bodies = '';

beforeAll(async () => {
  collector = createServer((request, response) => {
    void json(request).then((body) => {
      bodies += JSON.stringify(body);
      const { resourceSpans } = body as {
        resourceSpans: { scopeSpans: { spans: Received[] }[] }[];
      };
      for (const { scopeSpans } of resourceSpans) {
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      response.setHeader('Content-Type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => collector.once('listening', resolve));
  const { port } = collector.address() as AddressInfo;
  traces = startTraceExport({
    process: 'api',
    endpoint: `http://127.0.0.1:${port}`,
    ratio: 1,
  });
  lives = await startLives();
});
afterAll(async () => {
  await lives.stop();
  await traces.stop();
  collector.close();
});

function workflowOf({ attributes }: Received): unknown {
  const found = attributes.find(({ key }) => key === 'casebridge.workflow_id');
  return (found?.value as { stringValue?: string } | undefined)?.stringValue;
}

test('a request, its poke and the turn that follows are one trace, without anything personal', async () => {
  const owner = await buildUser(lives.api);
  const inCase = await buildCase(lives.api, { owner });
  await buildEvidence(lives.api, { owner, inCase });
  const { status, body } = await lives.api.post(`/cases/${inCase.id}/shares`, owner, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
  });
  expect(status).toBe(201);
  const workflowId = workflowIdOf('download-link', body.id);
  const turn = await eventually('the turn to be traced', () =>
    spans.find((span) => span.name === 'turn' && workflowOf(span) === workflowId),
  );
  const request = await eventually('the request to be traced', () =>
    spans.find(({ name, traceId }) => name.startsWith('POST ') && traceId === turn.traceId),
  );
  expect(request.name).toBe('POST /api/v1/cases/{caseId}/shares');
  expect(turn.parentSpanId).toBe(request.spanId);
  const poke = await eventually('the poke to be traced', () =>
    spans.find((span) => span.name === 'poke' && workflowOf(span) === workflowId),
  );
  expect(poke.traceId).toBe(request.traceId);
  for (const secret of [owner.email, owner.name, inCase.title, body.link.split('/').at(-1)]) {
    expect(bodies).not.toContain(secret);
  }
});

test('a life that wakes by itself begins a trace that refers to the one before', async () => {
  const owner = await buildUser(lives.api);
  const inCase = await buildCase(lives.api, { owner });
  await buildEvidence(lives.api, { owner, inCase });
  const { body } = await lives.api.post(`/cases/${inCase.id}/shares`, owner, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
  });
  const workflowId = workflowIdOf('download-link', body.id);
  const turns = () =>
    spans.filter((span) => span.name === 'turn' && workflowOf(span) === workflowId);
  const [first] = await eventually('the first turn', () => turns().length > 0 && turns());
  await lives.api.database.em
    .fork()
    .execute(
      `update lifecycles set wanted_at = wanted_at - interval '2 hours' where workflow_id = ?`,
      [workflowId],
    );
  await lives.temporal.client.workflow.getHandle(workflowId).signal('poke');
  const later = await eventually('a turn of another trace', () =>
    turns().find(({ traceId }) => traceId !== first?.traceId),
  );
  expect(later.parentSpanId ?? '').toBe('');
  expect(JSON.stringify(later)).toContain(first?.traceId);
});
