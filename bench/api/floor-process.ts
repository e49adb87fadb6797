/** The floor as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FloorTask } from './floor.ts';

export interface BenchProcess {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts it; it ends with ours. */
export async function startFloor(task: FloorTask): Promise<BenchProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('floor.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.stdin.end(JSON.stringify(task));
  const [port]: unknown[] = await Promise.race([once(child.stdout, 'data'), exited]);
  if (child.exitCode !== null) throw new Error('the floor did not start');
  return {
    origin: `http://127.0.0.1:${String(port).trim()}`,
    async stop() {
      process.off('exit', kill);
      kill();
      await exited;
    },
  };
}
