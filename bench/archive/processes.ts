/** The benchmark's own processes: servers that stay, clients that come and go. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ClientTask, Measured } from './client.ts';
import type { ServerTask, Usage } from './server.ts';

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A server process that answers. */
export interface BenchServer {
  readonly origin: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts a server process; it ends with ours. */
export async function startServer(task: ServerTask): Promise<BenchServer> {
  const child = spawn(process.execPath, [script('server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  child.stdin.end(JSON.stringify(task));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const [port]: unknown[] = await Promise.race([once(child.stdout, 'data'), exited]);
  if (child.exitCode !== null) throw new Error('a server of the benchmark did not start');
  const origin = `http://127.0.0.1:${String(port).trim()}`;
  return {
    origin,
    async usage() {
      const response = await fetch(`${origin}/usage`);
      return (await response.json()) as Usage;
    },
    async stop() {
      process.off('exit', kill);
      kill();
      await exited;
    },
  };
}

/** Runs a client process to its end. */
export async function runClient(task: ClientTask): Promise<Measured> {
  const child = spawn(process.execPath, [script('client.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(task));
  return JSON.parse(await text(child.stdout)) as Measured;
}
