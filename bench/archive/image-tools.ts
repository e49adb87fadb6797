/** Programs that make ISO images: they read folders, so that every object is copied to disk first. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, beginUnsized, minioClient, type Served } from './answers.ts';

/** How each program writes an image of a folder to its standard output. */
export const IMAGE_TOOLS = {
  genisoimage: ['-quiet', '-R', '-J', '-udf', '-allow-limited-size'],
  xorriso: ['-as', 'mkisofs', '-quiet', '-R', '-J', '-iso-level', '3'],
} as const;
export type ImageTool = keyof typeof IMAGE_TOOLS;

/** Whether a program is there. */
export function hasImageTool(tool: ImageTool): boolean {
  return spawnSync(tool, ['-version'], { stdio: 'ignore' }).error === undefined;
}

/** Most memory that a program had, in KiB, of those that ended. */
let peakKiB = 0;

/** What child processes have used; known on Linux only. */
export function childrenUsage(): { readonly cpuSeconds: number; readonly peakKiB: number } {
  if (process.platform !== 'linux') return { cpuSeconds: 0, peakKiB };
  // proc(5): fields 16 and 17, in ticks of 10 ms; the name before may hold spaces.
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return { cpuSeconds: (Number(fields[13]) + Number(fields[14])) / 100, peakKiB };
}

/** Copies all objects to disk, lets the program make the image of them, and sends its output. */
export function imageToolAnswer(tool: ImageTool, { store, objects }: Served): Answer {
  const client = minioClient(store);
  return async (response) => {
    const folder = await mkdtemp(join(tmpdir(), 'casebridge-image-'));
    try {
      for (const [index, { key }] of objects.entries()) {
        await client.fGetObject(store.bucket, key, join(folder, `${index}.bin`));
      }
      beginUnsized(response);
      const child = spawn(tool, [...IMAGE_TOOLS[tool], folder], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const exited = once(child, 'exit');
      const watching = new AbortController();
      const watched = watchMemory(child.pid ?? 0, watching.signal);
      child.stdout.pipe(response);
      await exited;
      watching.abort();
      await watched;
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

async function watchMemory(pid: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      return;
    }
    await pause(100, undefined, { signal }).catch(() => undefined);
  }
}
