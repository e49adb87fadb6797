/** Worker and Temporal as processes that are killed: everything ends as if undisturbed. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../dev/servers/ports.ts';
import { startTemporal } from '../../dev/servers/temporal.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { startApi, type TestApi, testEnvironment } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildUser } from '../support/factories.ts';
import { buildLink, openLink } from '../support/links.ts';
import { startMailSink } from '../support/mail-sink.ts';
import { startProcess } from '../support/processes.ts';
import { testServers } from '../support/servers.ts';
import { uploadFile } from '../support/uploads.ts';

const MIB = 1024 ** 2;

let api: TestApi;
let owner: User;
beforeAll(async () => {
  api = await startApi();
  owner = await buildUser(api);
});
afterAll(async () => api.stop());

/** The environment of a process that shares the test's database and store. */
async function environment(
  fields: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const [port, internal, worker] = [await freePort(), await freePort(), await freePort()];
  return testEnvironment(api.urls.appUrl, {
    CASEBRIDGE_PUBLIC_URL: `http://127.0.0.1:${port}`,
    CASEBRIDGE_PORT: String(port),
    CASEBRIDGE_INTERNAL_PORT: String(internal),
    CASEBRIDGE_WORKER_PORT: String(worker),
    TEMPORAL_TASK_QUEUE_PREFIX: `crash-${randomBytes(4).toString('hex')}`,
    UPLOAD_MINIMUM_PART_SIZE: String(5 * MIB),
    LOG_LEVEL: 'info',
    ...fields,
  });
}

async function uploadState(id: string): Promise<{ state: string; sha256: string | null }> {
  const [row] = await api.database.em
    .fork()
    .execute<{ state: string; sha256: string | null }[]>(
      'select state, sha256 from uploads where id = ?',
      [id],
    );
  if (row === undefined) throw new Error('there is no such upload');
  return row;
}

test('a worker killed while it verifies: another one verifies the same bytes, once', async () => {
  const variables = await environment();
  const start = async () =>
    startProcess('worker.ts', variables, variables['CASEBRIDGE_WORKER_PORT'] ?? '');
  const inCase = await buildCase(api, { owner });
  const content = randomBytes(256 * MIB);
  const { id, evidenceId } = await uploadFile(api, owner, { caseId: inCase.id, content });
  const client = new Client({
    connection: await Connection.connect({ address: testServers().temporal.address }),
  });
  const life = client.workflow.getHandle(workflowIdOf('evidence-intake', inCase.id));

  const first = await start();
  await eventually(
    'the verification to have begun',
    async () => {
      const description = await life.describe().catch(() => null);
      return description?.raw.pendingActivities?.some(
        (pending) => pending.lastHeartbeatTime != null,
      );
    },
    60,
  );
  await first.kill();
  expect((await uploadState(id)).state).toBe('verifying');

  const second = await start();
  await eventually(
    'the verification',
    async () => (await uploadState(id)).state === 'verified',
    90,
  );
  expect((await uploadState(id)).sha256).toBe(createHash('sha256').update(content).digest('hex'));
  const events = await api.database.em
    .fork()
    .execute<{ action: string }[]>(
      `select action from audit_events where objects @> array[?::uuid] and action = 'evidence.verified'`,
      [evidenceId],
    );
  expect(events).toHaveLength(1);
  await second.stop();
  await client.connection.close();
}, 180_000);

test('an expired link is refused while neither worker nor Temporal runs', async () => {
  const variables = await environment({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` });
  const process = await startProcess(
    'api/server.ts',
    variables,
    variables['CASEBRIDGE_INTERNAL_PORT'] ?? '',
  );
  const origin = variables['CASEBRIDGE_PUBLIC_URL'] ?? '';
  const link = await buildLink(api, { owner });
  const cookie = await openLink({ origin }, link);
  const fetched = async () =>
    fetch(`${origin}/shared/${link.shareId}/package`, { headers: { Cookie: cookie } });
  expect((await fetched()).status).toBe(200);
  await api.database.em
    .fork()
    .execute('update shares set expires_at = clock_timestamp() where id = ?', [link.shareId]);
  expect((await fetched()).status).toBe(410);
  const landing = await fetch(`${origin}${link.path}`);
  expect(landing.status).toBe(410);
  await process.stop();
}, 60_000);

test('Temporal wiped while links are active: the notice before expiry still comes, once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'casebridge-wiped-'));
  const port = await freePort();
  const place = (name: string) => ({
    dataDir: join(folder, name),
    logFile: join(folder, `${name}.log`),
    storage: 'memory' as const,
    port,
  });
  const sink = await startMailSink();
  const engine = await startTemporal(place('first'));
  const variables = await environment({ TEMPORAL_ADDRESS: engine.address, SMTP_URL: sink.url });
  const worker = await startProcess(
    'worker.ts',
    variables,
    variables['CASEBRIDGE_WORKER_PORT'] ?? '',
  );

  const inCase = await buildCase(api, { owner });
  await buildEvidence(api, { owner, inCase });
  const made = await api.post(`/cases/${inCase.id}/shares`, owner, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
    durationDays: 30,
  });
  const workflowId = workflowIdOf('download-link', made.body.id);
  const sql = (statement: string) =>
    api.database.em.fork().execute<Record<string, string>[]>(statement, [workflowId]);
  await eventually(
    'the relay and the first plan',
    async () => {
      const [row] = await sql(
        'select planned >= wanted as planned from lifecycles where workflow_id = ?',
      );
      return row?.['planned'];
    },
    60,
  );

  engine.kill();
  await engine.exited;
  const anew = await startTemporal(place('second'));
  await sql(`update shares set activated_at = activated_at - interval '28 days', expires_at = expires_at - interval '28 days'
    where 'download-link:' || id = ?`);
  await sql(`update lifecycles set wake_at = wake_at - interval '28 days' where workflow_id = ?`);

  await eventually('the notice', () => sink.mails.length > 0, 90);
  await eventually(
    'the life to sleep until expiry',
    async () => {
      const [row] = await sql('select waiting_for from lifecycles where workflow_id = ?');
      return row?.['waiting_for'] === 'expiry';
    },
    30,
  );
  expect(sink.mails.map((mail) => mail.to?.[0]?.address)).toEqual([owner.email]);

  await worker.stop();
  anew.kill();
  await anew.exited;
  await sink.stop();
  await rm(folder, { recursive: true, force: true });
}, 240_000);
