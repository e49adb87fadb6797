/** A copy whose worker is ended again and again: everything must end as if it had not been. */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../dev/servers/ports.ts';
import { type TestApi, testEnvironment } from './api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  copiedObjects,
  ownedObjects,
  shareCopy,
  targetOf,
} from './copies.ts';
import { eventually } from './eventually.ts';
import { buildCase, buildEvidence } from './factories.ts';
import { startMailSink } from './mail-sink.ts';
import { startProcess, type TestProcess } from './processes.ts';

export interface CopyCrash {
  readonly items: number;
  /** How often a worker is ended, and how: by SIGKILL, or by SIGTERM, which it obeys. */
  readonly ends: number;
  readonly signal: 'SIGKILL' | 'SIGTERM';
  /** Bytes of a file at most. */
  readonly largest: number;
}

/** What was seen and what there is in the end. */
export interface CopyCrashOutcome {
  readonly shareId: string;
  readonly state: string;
  /** Every pair of cases and evidence that the partner had at some moment, in the order first seen. */
  readonly seen: readonly string[];
  /** Ends of a worker that met the copy before it was delivered. */
  readonly ends: number;
  readonly looks: number;
  readonly expected: readonly string[];
  readonly received: readonly string[];
  readonly cases: number;
  readonly orphans: readonly string[];
  readonly invitations: number;
}

/** Copies a case while the worker is ended at random moments, the last time for two seconds. */
export async function crashCopy(api: TestApi, crash: CopyCrash): Promise<CopyCrashOutcome> {
  const pair = await buildCopyingPair(api);
  const inCase = await buildCase(api, { owner: pair.sender });
  const expected: string[] = [];
  for (let made = 0; made < crash.items; made += 1) {
    const content = randomBytes(made === 0 ? crash.largest : 1 + randomInt(crash.largest));
    await buildEvidence(api, { owner: pair.sender, inCase, content });
    expected.push(sha256(content));
  }
  const sink = await startMailSink();
  const worker = await workers(api, sink.url);
  const watched = watchPartner(api, pair);
  const { id } = await shareCopy(api, pair, inCase.id, { attachments: ['audit_trail'] });
  let running = await worker();
  let ends = 0;
  for (; ends < crash.ends; ends += 1) {
    // Spread over the copy, each at some moment after a sign that it goes on.
    const before = Math.floor((ends * crash.items) / crash.ends);
    await eventually(
      'the copy to go on',
      async () => (await settledItems(api, id)) > before || (await targetOf(api, id)) !== null,
      300,
    );
    if ((await targetOf(api, id)) !== null) break;
    await pause(randomInt(200));
    await endOf(running, crash.signal);
    // The last time it is down for a while.
    if (ends === crash.ends - 1) await pause(2_000);
    running = await worker();
  }
  await eventually('the delivery', () => targetOf(api, id), 900);
  await eventually('the mail', () => sink.mails.length > 0, 60);
  await eventually(
    'the store to be tidied',
    async () =>
      String(await copiedObjects(api, pair.partner)) ===
      String(await ownedObjects(api, pair.partner)),
    120,
  ).catch(() => undefined);
  await running.stop();
  const { seen, looks } = await watched.stop();
  const owned = new Set(await ownedObjects(api, pair.partner));
  const outcome = {
    shareId: id,
    state: (await api.get(`/shares/${id}`, pair.sender)).body.state,
    seen,
    looks,
    ends,
    expected: expected.toSorted(),
    received: (await receivedHashes(api, pair)).toSorted(),
    cases: await countOf(api, pair, 'cases'),
    orphans: (await copiedObjects(api, pair.partner)).filter((name) => !owned.has(name)),
    invitations: sink.mails.length,
  };
  await sink.stop();
  return outcome;
}

async function endOf(worker: TestProcess, signal: CopyCrash['signal']): Promise<void> {
  if (signal === 'SIGKILL') return worker.kill();
  const code = await worker.stop();
  if (code !== 0) throw new Error(`the worker ended with ${code}; its log: ${worker.logFile}`);
}

async function workers(api: TestApi, smtpUrl: string): Promise<() => Promise<TestProcess>> {
  const port = String(await freePort());
  const variables = testEnvironment(api.urls.appUrl, {
    CASEBRIDGE_WORKER_PORT: port,
    TEMPORAL_TASK_QUEUE_PREFIX: `crash-${randomBytes(4).toString('hex')}`,
    SMTP_URL: smtpUrl,
    LOG_LEVEL: 'info',
  });
  return async () => startProcess('worker.ts', variables, port);
}

/** Looks at what the partner has, as often as the database answers. */
function watchPartner(api: TestApi, pair: CopyingPair) {
  const seen = new Set<string>();
  let looks = 0;
  let watching = true;
  const watched = (async () => {
    const em = api.database.em.fork();
    while (watching) {
      const [row] = await em.execute<{ had: string }[]>(
        `select (select count(*) from cases where organization_id = ?) || ' cases, '
           || (select count(*) from evidence where organization_id = ?) || ' evidence' as had`,
        [pair.partner.id, pair.partner.id],
      );
      seen.add(row?.had ?? '');
      looks += 1;
      await pause(5);
    }
  })();
  return {
    async stop() {
      watching = false;
      await watched;
      return { seen: [...seen], looks };
    },
  };
}

async function settledItems(api: TestApi, shareId: string): Promise<number> {
  const [row] = await api.database.em.fork().execute<{ n: number }[]>(
    `select count(*) filter (where i.copied_at is not null or i.settled_at is not null)::int as n
     from copy_items i join copy_deliveries d on d.id = i.delivery_id where d.share_id = ?`,
    [shareId],
  );
  return row?.n ?? 0;
}

async function countOf(api: TestApi, pair: CopyingPair, table: 'cases'): Promise<number> {
  const [row] = await api.database.em
    .fork()
    .execute<{ n: number }[]>(`select count(*)::int as n from ${table} where organization_id = ?`, [
      pair.partner.id,
    ]);
  return row?.n ?? 0;
}

/** The hashes of the bytes that the partner's evidence stands for, read from the store. */
async function receivedHashes(api: TestApi, pair: CopyingPair): Promise<string[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ object_key: string; object_version: string | null; size: string }[]>(
      'select object_key, object_version, size from evidence where organization_id = ?',
      [pair.partner.id],
    );
  const hashes: string[] = [];
  for (const { object_key: key, object_version: version, size } of rows) {
    const chunks: Buffer[] = [];
    const range = { offset: 0, length: Number(size) };
    for await (const chunk of await api.store.read(key, range, version)) chunks.push(chunk);
    hashes.push(sha256(Buffer.concat(chunks)));
  }
  return hashes;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
