import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

/** API or worker as a process of its own, which a test may kill. */
export interface TestProcess {
  readonly pid: number;
  /** Where it logs to. */
  readonly logFile: string;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<void>;
  /** SIGKILL: no code of the process runs any more. */
  kill(): Promise<void>;
  /** SIGTERM, and its end: the exit code, null where it was killed. */
  stop(): Promise<number | null>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Starts `api/server.ts` or `worker.ts`; ready when its internal port says so. */
export async function startProcess(
  entry: 'api/server.ts' | 'worker.ts',
  environment: Readonly<Record<string, string>>,
  internalPort: string,
): Promise<TestProcess> {
  const child = spawn(process.execPath, [join(ROOT, entry)], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logFile = join(tmpdir(), `casebridge-${entry.replace('/', '-')}-${child.pid}.log`);
  const log = createWriteStream(logFile);
  const ended = once(child, 'exit').then(() => undefined);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  await eventually(
    `${entry} to be ready (its log: ${logFile})`,
    async () => {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (hasEnded) throw new Error(`${entry} ended; its log: ${logFile}`);
      const health = await fetch(`http://127.0.0.1:${internalPort}/health/ready`).catch(() => null);
      return health?.status === 200;
    },
    120,
  ).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  if (child.pid === undefined) throw new Error(`${entry} did not start`);
  return {
    pid: child.pid,
    logFile,
    ended,
    kill: async () => void (await end(child, 'SIGKILL')),
    stop: () => end(child, 'SIGTERM'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}
