import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { wheelBinary } from './binaries.ts';
import { startChild } from './leash.ts';
import { freePort } from './ports.ts';
import { expectOk, untilReady } from './ready.ts';
import { type RunningServer, type ServerOptions, serverEnvironment } from './running-server.ts';

/** Where Temporal answers. */
export interface Temporal {
  /** `host:port` of the frontend. */
  readonly address: string;
  readonly namespace: string;
  /** Origin of the web UI; empty where there is none. */
  readonly uiUrl: string;
}

/** Starts a Temporal development server: with its UI and a database file, or in memory and without UI. */
export async function startTemporal(
  options: ServerOptions & {
    readonly storage: 'file' | 'memory';
    readonly port?: number;
    readonly uiPort?: number;
  },
): Promise<RunningServer<Temporal>> {
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort ?? (await freePort());
  const namespace = 'default';
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const child = startChild({
    name: 'temporal',
    command: wheelBinary('temporal'),
    args: [
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--disable-config-file',
      '--log-level=warn',
      // A virtual clock per workflow, off by default: tests let 90 days pass in a second.
      '--dynamic-config-value=frontend.WorkflowTimeSkippingEnabled=true',
      ...(options.storage === 'file'
        ? [`--db-filename=${join(options.dataDir, 'temporal.db')}`, `--ui-port=${uiPort}`]
        : ['--headless']),
    ],
    cwd: options.dataDir,
    environment: serverEnvironment(options.dataDir),
    logFile: options.logFile,
  });
  options.onChild?.(child);
  const address = `127.0.0.1:${port}`;
  const uiUrl = options.storage === 'file' ? `http://127.0.0.1:${uiPort}` : '';
  await untilReady(child, 60, () => describeNamespace(address, namespace));
  if (uiUrl !== '') await untilReady(child, 30, () => expectOk(uiUrl));
  return { ...child, address, namespace, uiUrl };
}

async function describeNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '1 s' });
  try {
    await connection.withDeadline(Date.now() + 2_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}
