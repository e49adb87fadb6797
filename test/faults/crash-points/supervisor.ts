/** Keeps one process of Casebridge running, as an init system would: what was killed is started again. */

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, type TestProcess } from '../../support/processes.ts';
import { testServers } from '../../support/servers.ts';
import { type CrashPoint, give, wiring } from './wiring.ts';

/** The nth effect of a name. */
export interface NotedEffect {
  readonly name: string;
  readonly occurrence: number;
}

/** A process that is kept running. */
export interface Supervised {
  /** Begins another life: counts its effects, and kills the process at these points of it. */
  begin(points: readonly CrashPoint[]): void;
  /** The points of this life at which it was killed. */
  deaths(): CrashPoint[];
  /** Ids of the processes that were killed, in any life. */
  readonly killed: ReadonlySet<number>;
  /** False while there is none, after a kill. */
  readonly runs: boolean;
  /** The outside effects of this life that were acknowledged so far, in their order. */
  effects(): NotedEffect[];
  stop(): Promise<void>;
}

/** Starts API or worker. */
export async function supervise(
  entry: 'api/server.ts' | 'worker.ts',
  options: {
    readonly environment: Readonly<Record<string, string>>;
    readonly internalPort: number;
    /** Where its orders and effects are kept. */
    readonly folder: string;
  },
): Promise<Supervised> {
  const { workflowBundle } = testServers();
  if (workflowBundle === undefined) throw new Error('the workflows were not bundled');
  const ordersFile = join(options.folder, `${entry.replace('/', '-')}.orders`);
  const environment = { ...options.environment, ...wiring(ordersFile, workflowBundle) };
  const killed = new Set<number>();
  const logFiles: string[] = [];
  let log = '';
  let current: TestProcess | null = null;
  let stopping = false;
  let restarted: Promise<void> = Promise.resolve();

  function begin(points: readonly CrashPoint[]): void {
    const life = randomUUID();
    log = join(options.folder, `${life}.effects`);
    give(ordersFile, { life, log, points: [...points] });
  }

  async function start(): Promise<void> {
    const before = deaths().length;
    const started = await startProcess(entry, environment, String(options.internalPort)).catch(
      (error: unknown) => {
        if (deaths().length > before) return null;
        throw error;
      },
    );
    // Killed before it was ready.
    if (started === null) return start();
    current = started;
    logFiles.push(started.logFile);
    restarted = started.ended.then(async () => {
      if (stopping) return;
      current = null;
      killed.add(started.pid);
      await start();
    });
    restarted.catch(() => undefined);
  }

  const noted = () =>
    (existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [])
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Partial<NotedEffect> & { readonly died?: CrashPoint });

  const deaths = () => noted().flatMap(({ died }) => died ?? []);

  begin([]);
  await start();
  return {
    begin,
    deaths,
    killed,
    get runs() {
      return current !== null;
    },
    effects: () =>
      noted().flatMap(({ name, occurrence }) =>
        name === undefined || occurrence === undefined ? [] : [{ name, occurrence }],
      ),
    async stop() {
      stopping = true;
      // Nothing is drained: the world is at rest, or is given up.
      await current?.kill();
      await restarted.catch(() => undefined);
      for (const file of logFiles) rmSync(file, { force: true });
    },
  };
}
