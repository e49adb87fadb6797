import { join } from 'node:path';
import { CHECKOUT } from '../servers/binaries.ts';
import { type Child, startChild } from '../servers/leash.ts';
import { expectOk, untilReady } from '../servers/ready.ts';
import { serverEnvironment } from '../servers/running-server.ts';
import type { PortName } from './options.ts';
import type { Supervisor } from './supervisor.ts';

/** What the two processes of Casebridge are started with. */
export interface ApplicationOptions {
  readonly dataPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: Record<PortName, number>;
  readonly supervisor: Supervisor;
}

/** Starts the worker and waits until it polls. */
export function startWorker(options: ApplicationOptions): Promise<void> {
  return start('worker', 'worker.ts', options.ports.worker, options);
}

/** Starts the API and waits until it takes requests. */
export function startApi(options: ApplicationOptions): Promise<void> {
  return start('api', 'api/server.ts', options.ports['api-internal'], options);
}

async function start(
  name: string,
  entry: string,
  internalPort: number,
  { dataPath, environment, supervisor }: ApplicationOptions,
): Promise<void> {
  const child: Child = startChild({
    name,
    command: process.execPath,
    args: [join(CHECKOUT, entry)],
    cwd: CHECKOUT,
    environment: { ...serverEnvironment(dataPath), ...environment },
    logFile: join(dataPath, 'logs', `${name}.log`),
    graceSeconds: 20,
  });
  supervisor.adopt('application')(child);
  await untilReady(child, 120, () => expectOk(`http://127.0.0.1:${internalPort}/health/ready`));
  supervisor.expectAlive(child);
}
