/** A world for lives: a database of its own, API and worker as processes, a mail server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../dev/servers/ports.ts';
import { query } from '../../../dev/servers/postgres.ts';
import { unpoked } from '../../../domain/act.ts';
import { startApi, type TestApi, testEnvironment } from '../../support/api.ts';
import { unique } from '../../support/factories.ts';
import { type MailSink, startMailSink } from '../../support/mail-sink.ts';
import { superuserUrl, testServers } from '../../support/servers.ts';
import { type SmsSink, startSmsSink } from '../../support/sms-sink.ts';
import { patientClient } from './client.ts';
import { connectEngine } from './engine.ts';
import { restOf } from './rest.ts';
import { type NotedEffect, type Supervised, supervise } from './supervisor.ts';
import type { CrashPoint } from './wiring.ts';

/** The two processes that may be killed. */
export const VICTIMS = ['api', 'worker'] as const;
export type Victim = (typeof VICTIMS)[number];
export interface VictimPoint extends CrashPoint {
  readonly victim: Victim;
}

export interface World {
  /** The API process as its clients have it, and the database that it works on. */
  readonly api: TestApi;
  readonly mail: MailSink;
  /** Where organizations may let their text messages go. */
  readonly sms: SmsSink;
  sql: Sql;
  /** Tells lives that time has passed, after their instants were shifted. */
  poke(...workflowIds: readonly string[]): Promise<void>;
  /**
   * Waits until no life has anything to do.
   * @param soon what is due within so many minutes counts as something to do
   */
  rest(soon?: number): Promise<void>;
  /** Empties the world, and begins a life in it, in which processes are killed at points. */
  begin(points: readonly VictimPoint[]): Promise<void>;
  /** The outside effects of a process in this life, in their order. */
  effects(victim: Victim): NotedEffect[];
  /** The points of this life at which processes were killed. */
  deaths(): VictimPoint[];
  stop(): Promise<void>;
}

/** Asks the world's database. */
export type Sql = <Row extends object>(
  statement: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** Builds a world. */
export async function buildWorld(): Promise<World> {
  const [port, internalPort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${port}`;
  const mail = await startMailSink();
  const sms = await startSmsSink();
  const taskQueuePrefix = unique('crash');
  const variables = {
    CASEBRIDGE_PUBLIC_URL: origin,
    SMTP_URL: mail.url,
    UPLOAD_MINIMUM_PART_SIZE: String(5 * 1024 ** 2),
  };
  // It serves nobody: factories act on its database, and its store is looked into.
  const within = await startApi({ variables });
  const engine = await connectEngine(taskQueuePrefix);
  const folder = await mkdtemp(join(tmpdir(), 'casebridge-crash-'));
  const environment = testEnvironment(within.urls.appUrl, {
    ...variables,
    CASEBRIDGE_PORT: String(port),
    CASEBRIDGE_INTERNAL_PORT: String(internalPort),
    CASEBRIDGE_WORKER_PORT: String(workerPort),
    TEMPORAL_TASK_QUEUE_PREFIX: taskQueuePrefix,
    LOG_LEVEL: 'warn',
  });
  const processes: Readonly<Record<Victim, Supervised>> = {
    api: await supervise('api/server.ts', { environment, internalPort, folder }),
    worker: await supervise('worker.ts', { environment, internalPort: workerPort, folder }),
  };
  const sql: Sql = async (statement, values = []) =>
    within.database.em.fork().execute(statement, [...values]);
  const minutePasses = async () => {
    if (processes.api.deaths().length === 0) return;
    await sql('update idempotency_keys set locked_until = clock_timestamp() where status is null');
  };
  const api: TestApi = {
    ...within,
    ...unpoked(within.database),
    ...patientClient(origin, minutePasses),
    origin,
  };

  async function empty(): Promise<void> {
    const lives = await sql<{ id: string }>('select workflow_id as id from lifecycles');
    for (const { id } of lives) await engine.end(id);
    const tables = await sql<{ name: string }>(
      `select tablename as name from pg_tables
       where schemaname = 'public' and tablename not like 'mikro%'`,
    );
    const { pathname } = new URL(within.urls.ownerUrl);
    await query(
      superuserUrl(testServers().postgres, pathname.slice(1)),
      // The audit lets nobody empty it but whoever may switch its triggers off.
      `set session_replication_role = replica;
       truncate ${tables.map(({ name }) => `"${name}"`).join(', ')}`,
    );
    mail.mails.length = 0;
    sms.texts.length = 0;
  }

  return {
    api,
    mail,
    sms,
    sql,
    async poke(...workflowIds) {
      for (const id of workflowIds) await engine.poke(id);
    },
    rest: restOf({ sql, engine, ...processes }),
    async begin(points) {
      await empty();
      for (const victim of VICTIMS) {
        processes[victim].begin(points.filter((point) => point.victim === victim));
      }
    },
    effects: (victim) => processes[victim].effects(),
    deaths: () =>
      VICTIMS.flatMap((victim) =>
        processes[victim].deaths().map((death) => ({ ...death, victim })),
      ),
    async stop() {
      await Promise.all([processes.api.stop(), processes.worker.stop()]);
      await empty();
      await engine.close();
      await within.stop();
      await mail.stop();
      await sms.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
