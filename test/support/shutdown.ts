/** An API and a worker of their own that are told to stop while they are busy. */
import { randomBytes, randomUUID } from 'node:crypto';
import { freePort } from '../../dev/servers/ports.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { type TestApi, testEnvironment } from './api.ts';
import { startProcess, type TestProcess } from './processes.ts';

/** A process that shares the test's database and store. */
export interface Stoppable extends TestProcess {
  readonly origin: string;
  /** What the internal port says: 200, 503, or null where nothing listens any more. */
  readiness(): Promise<number | null>;
}

/** @param fields environment variables that differ from the usual ones of tests */
export async function startStoppable(
  api: TestApi,
  entry: 'api/server.ts' | 'worker.ts',
  fields: Readonly<Record<string, string>>,
): Promise<Stoppable> {
  const [port, internal] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${port}`;
  const variables = testEnvironment(api.urls.appUrl, {
    CASEBRIDGE_PUBLIC_URL: origin,
    CASEBRIDGE_PORT: String(port),
    CASEBRIDGE_INTERNAL_PORT: String(internal),
    CASEBRIDGE_WORKER_PORT: String(internal),
    LOG_LEVEL: 'info',
    ...fields,
  });
  const started = await startProcess(entry, variables, String(internal));
  return {
    ...started,
    origin,
    async readiness() {
      const answer = await fetch(`http://127.0.0.1:${internal}/health/ready`).catch(() => null);
      return answer?.status ?? null;
    },
  };
}

/** A task queue of its own, so that no other test's worker takes the tasks. */
export function ownQueues(): { readonly TEMPORAL_TASK_QUEUE_PREFIX: string } {
  return { TEMPORAL_TASK_QUEUE_PREFIX: `stop-${randomBytes(4).toString('hex')}` };
}

/** What clients of a busy API saw, until nobody answered any more. */
export interface Seen {
  /** Cases whose creation was answered. */
  readonly created: string[];
  /** Creations that were asked for, answered or not, by the number of the case. */
  readonly asked: string[];
  /** Uploads whose completion was answered. */
  readonly completed: string[];
  /** Answers other than success, and connections that broke after a request was sent. */
  readonly failed: string[];
  /** Clients that found no listener at the end. */
  refused: number;
}

/** Clients of one API process, who ask until nothing listens. */
export async function keepBusy(
  { origin }: Stoppable,
  owner: User,
  work: { readonly clients: number; readonly uploads: readonly string[] },
): Promise<{ readonly seen: Seen; readonly over: Promise<void> }> {
  const issued = await fetch(`${origin}/dev/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: owner.email }),
  });
  const { accessToken } = (await issued.json()) as { accessToken: string };
  const seen: Seen = { created: [], asked: [], completed: [], failed: [], refused: 0 };
  const uploads = [...work.uploads];
  const post = async (path: string, body: object) =>
    fetch(`${origin}/api/v1${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  async function ask(): Promise<void> {
    const upload = uploads.shift();
    if (upload !== undefined) {
      const answer = await post(`/evidence/uploads/${upload}/complete`, {});
      if (answer.status === 202) seen.completed.push(upload);
      else seen.failed.push(`complete: ${answer.status}`);
      return;
    }
    const caseNumber = randomUUID();
    seen.asked.push(caseNumber);
    const answer = await post('/cases', { caseNumber, title: 'Burglary' });
    if (answer.status === 201) seen.created.push(caseNumber);
    else seen.failed.push(`create: ${answer.status}`);
  }

  async function client(): Promise<void> {
    for (;;) {
      try {
        await ask();
      } catch (error) {
        const code = codeOf(error);
        if (code === 'ECONNREFUSED') {
          seen.refused += 1;
          return;
        }
        seen.failed.push(code);
      }
    }
  }
  const over = Promise.all(Array.from({ length: work.clients }, client)).then(() => undefined);
  return { seen, over };
}

/** What a failed `fetch` failed of; Jest's own Error is another than that of `fetch`. */
function codeOf(error: unknown): string {
  const { cause } = Object(error) as { cause?: { code?: string } };
  return cause?.code ?? String(error);
}

/** Cases of these numbers that are there, with and without the event that tells of their creation. */
export async function casesOf(
  { database }: TestApi,
  numbers: readonly string[],
): Promise<{ readonly whole: string[]; readonly half: string[] }> {
  const rows = await database.em.fork().execute<{ case_number: string; told: boolean }[]>(
    `select c.case_number, exists (select from audit_events a
       where a.objects @> array[c.id] and a.action = 'case.created') as told
     from cases c where c.case_number in (?)`,
    [[...numbers, '']],
  );
  const of = (told: boolean) =>
    rows.filter((row) => row.told === told).map((row) => row.case_number);
  return { whole: of(true), half: of(false) };
}
