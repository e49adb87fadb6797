/**
 * Thousands of lives that sleep: download links and upload requests, made over HTTP, on one machine with
 * everything embedded. How fast they are made and planned, what each costs asleep, how that grows, and
 * how late they are when hundreds are due in a minute.
 */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../dev/servers/ports.ts';
import { startTemporal } from '../dev/servers/temporal.ts';
import { workflowIdOf } from '../domain/lifecycle/life.ts';
import { startApi, type TestApi, testEnvironment } from '../test/support/api.ts';
import { eventually } from '../test/support/eventually.ts';
import { buildCase, buildEvidence, buildUser } from '../test/support/factories.ts';
import { startMailSink } from '../test/support/mail-sink.ts';
import { startProcess, type TestProcess } from '../test/support/processes.ts';
import { SERVERS_VARIABLE } from '../test/support/servers.ts';
import { startTestServers } from '../test/support/start-servers.ts';
import { makeTestFolder, removeTestFolder } from '../test/support/test-folder.ts';
import { percentile } from './lifecycles/percentile.ts';
import { residentMemory } from './lifecycles/resident-memory.ts';

const SIZES = [500, 1_000, 2_500, 5_000];
/** Requests at once while lives are made. */
const LANES = 8;
/** Lives that are made due, and the seconds over which their moments lie. */
const DUE = 500;
const DUE_SECONDS = 60;
const MIB = 2 ** 20;

interface World {
  readonly api: TestApi;
  readonly origin: string;
  readonly token: string;
  readonly caseId: string;
  readonly trustedUserId: string;
  readonly client: Client;
  readonly temporalFile: string;
  readonly processes: { readonly api: TestProcess; readonly worker: TestProcess };
}

/** Runs it: some minutes. */
export async function benchLifecycles(): Promise<void> {
  const folder = await makeTestFolder();
  const { servers, stop } = await startTestServers(folder);
  const dataDir = join(folder, 'temporal-with-file');
  const temporal = await startTemporal({
    dataDir,
    logFile: join(folder, 'temporal-with-file.log'),
    storage: 'file',
  });
  process.env[SERVERS_VARIABLE] = JSON.stringify({ ...servers, temporal });
  const mail = await startMailSink();
  const api = await startApi();
  const connection = await Connection.connect({ address: temporal.address });
  const processes = await startProcesses(api, mail.url);
  try {
    const world = await prepare(api, processes, {
      client: new Client({ connection, namespace: temporal.namespace }),
      temporalFile: join(dataDir, 'temporal.db'),
    });
    print(`${availableParallelism()} cores; half download links, half upload requests`);
    print('\n   lives   made/s  planned/s   API MiB  worker MiB  rows KiB each  engine KiB each');
    let before = await footprint(world);
    let made = 0;
    for (const size of SIZES) {
      const step = await makeLives(world, size - made);
      const after = await footprint(world);
      const added = size - made;
      print(
        [
          String(size).padStart(8),
          (added / step.madeSeconds).toFixed(0).padStart(8),
          (added / step.plannedSeconds).toFixed(0).padStart(10),
          (after.apiBytes / MIB).toFixed(0).padStart(9),
          (after.workerBytes / MIB).toFixed(0).padStart(11),
          ((after.rowBytes - before.rowBytes) / added / 1_024).toFixed(1).padStart(14),
          ((after.engineBytes - before.engineBytes) / added / 1_024).toFixed(1).padStart(16),
        ].join(' '),
      );
      [made, before] = [size, after];
    }
    await printHistories(world);
    await printLag(world);
  } finally {
    await processes.api.stop();
    await processes.worker.stop();
    await connection.close();
    await api.stop();
    await mail.stop();
    await temporal.stop();
    await stop();
    removeTestFolder(folder);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function startProcesses(api: TestApi, smtpUrl: string) {
  const [port, internal, worker] = [await freePort(), await freePort(), await freePort()];
  const environment = testEnvironment(api.urls.appUrl, {
    CASEBRIDGE_PUBLIC_URL: `http://127.0.0.1:${port}`,
    CASEBRIDGE_PORT: String(port),
    CASEBRIDGE_INTERNAL_PORT: String(internal),
    CASEBRIDGE_WORKER_PORT: String(worker),
    SMTP_URL: smtpUrl,
    LOG_LEVEL: 'warn',
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    api: await startProcess('api/server.ts', environment, String(internal)),
    worker: await startProcess('worker.ts', environment, String(worker)),
  };
}

async function prepare(
  api: TestApi,
  processes: Awaited<ReturnType<typeof startProcesses>>,
  engine: Pick<World, 'client' | 'temporalFile'>,
): Promise<World> {
  const owner = await buildUser(api);
  const inCase = await buildCase(api, { owner });
  await buildEvidence(api, { owner, inCase });
  const { origin } = processes;
  const signedIn = await fetch(`${origin}/dev/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: owner.email }),
  });
  const { accessToken: token } = (await signedIn.json()) as { accessToken: string };
  const added = await send({ origin, token }, '/trusted-users', { email: 'shop@example.test' });
  const { id: trustedUserId } = (await added.json()) as { id: string };
  return { api, origin, token, caseId: inCase.id, trustedUserId, processes, ...engine };
}

async function send(
  { origin, token }: Pick<World, 'origin' | 'token'>,
  path: string,
  body: unknown,
): Promise<Response> {
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Makes lives over HTTP, and waits until each has planned and its first mail is sent. */
async function makeLives(world: World, count: number) {
  const began = performance.now();
  const queue = Array.from({ length: count }, (_, index) => index).values();
  const lane = async () => {
    for (const index of queue) {
      const body =
        index % 2 === 0
          ? { method: 'download_link', format: 'zip', scope: { type: 'entire_case' } }
          : { trustedUserId: world.trustedUserId, fields: [] };
      const kind = index % 2 === 0 ? 'shares' : 'upload-requests';
      await (await send(world, `/cases/${world.caseId}/${kind}`, body)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const madeSeconds = (performance.now() - began) / 1_000;
  await eventually(
    'all lives to sleep',
    async () => {
      const [row] = await world.api.database.em.fork().execute<{ open: string }[]>(
        `select (select count(*) from lifecycles where planned < wanted)
           + (select count(*) from notifications where state in ('pending', 'sending')) as open`,
      );
      return Number(row?.open) === 0;
    },
    1_200,
  );
  return { madeSeconds, plannedSeconds: (performance.now() - began) / 1_000 };
}

async function footprint({ api, processes, temporalFile }: World) {
  const [row] = await api.database.em
    .fork()
    .execute<{ bytes: string }[]>('select pg_database_size(current_database()) as bytes');
  const wal = await stat(`${temporalFile}-wal`).catch(() => ({ size: 0 }));
  return {
    apiBytes: await residentMemory(processes.api.pid),
    workerBytes: await residentMemory(processes.worker.pid),
    rowBytes: Number(row?.bytes ?? 0),
    engineBytes: (await stat(temporalFile)).size + wal.size,
  };
}

/** Events and bytes that a sleeping life has in the engine. */
async function printHistories({ api, client }: World): Promise<void> {
  for (const kind of ['download-link', 'upload-request'] as const) {
    const [row] = await api.database.em
      .fork()
      .execute<{ entity_id: string }[]>(
        'select entity_id from lifecycles where kind = ? order by workflow_id desc limit 1',
        [kind],
      );
    const described = await client.workflow
      .getHandle(workflowIdOf(kind, row?.entity_id ?? ''))
      .describe();
    const { historyLength, historySize } = described;
    print(
      `\n${kind}: ${historyLength} events, ${((historySize ?? 0) / 1_024).toFixed(1)} KiB of history`,
    );
  }
}

/** Moves the expiry of some links into one minute, and looks how late each was handled. */
async function printLag({ api }: World): Promise<void> {
  const em = api.database.em.fork();
  await em.execute(
    `with due as (
       select id, row_number() over () as n from shares where method = 'download_link' limit ${DUE})
     update shares s set expires_at = clock_timestamp() + interval '60 seconds'
       + due.n * interval '1 second' * ${DUE_SECONDS / DUE}
     from due where due.id = s.id`,
  );
  await em.execute(
    `update lifecycles set wanted = wanted + 1, wanted_at = clock_timestamp(), sent_at = null,
       send_attempts = 0
     where entity_id in (select id from shares where expires_at < clock_timestamp() + interval '1 day')`,
  );
  await pause((60 + DUE_SECONDS) * 1_000);
  const late = await eventually(
    'every expiry to be handled',
    async () => {
      const rows = await em.execute<{ seconds: string }[]>(
        `select extract(epoch from a.at - s.expires_at) as seconds
         from audit_events a join shares s on s.id = any(a.objects) where a.action = 'share.expired'`,
      );
      return rows.length >= DUE && rows.map(({ seconds }) => Number(seconds));
    },
    600,
  );
  print(`\n${DUE} lives due within ${DUE_SECONDS} s, handled so late:`);
  for (const share of [0.5, 0.95, 1]) {
    print(`  p${(share * 100).toFixed(0).padEnd(4)} ${percentile(late, share).toFixed(2)} s`);
  }
}
