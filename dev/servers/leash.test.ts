import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild } from './leash.ts';

const LEASH = fileURLToPath(new URL('./leash.ts', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebridge-leash-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function shell(name: string, script: string, graceSeconds?: number) {
  return {
    name,
    command: '/bin/sh',
    args: ['-c', script],
    cwd: folder,
    environment: { PATH: '/usr/bin:/bin' },
    logFile: join(folder, `${name}.log`),
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
  };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what}: not within 10 s`);
    await pause(20);
  }
}

function wrote(name: string, text: string): boolean {
  try {
    return readFileSync(join(folder, `${name}.log`), 'utf8').includes(text);
  } catch {
    return false;
  }
}

function groupIsGone(group: number): boolean {
  try {
    process.kill(-group, 0);
    return false;
  } catch {
    return true;
  }
}

test('a child is asked to stop and may end in order', async () => {
  const script = "trap 'echo farewell; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
  const child = startChild(shell('orderly', script));
  await until('the child to run', () => wrote('orderly', 'ready'));
  await child.stop();
  expect(child.lastLines()).toBe('ready\nfarewell');
  expect(await child.exited).toBe('ended with status 0');
});

test('a child that does not stop is killed after its grace', async () => {
  const child = startChild(
    shell('stubborn', "trap '' TERM; echo ready; while :; do sleep 0.05; done", 1),
  );
  await until('the child to run', () => wrote('stubborn', 'ready'));
  await child.stop();
  expect(await child.exited).toBe('was ended by signal 9');
  await until('its group to go', () => groupIsGone(child.group));
});

test('the end of a child is told with its last lines', async () => {
  const child = startChild(shell('broken', 'echo what was wrong; exit 3'));
  expect(await child.exited).toBe('ended with status 3');
  expect(child.lastLines()).toBe('what was wrong');
});

test('a child does not outlive a supervisor that is killed', async () => {
  const options = JSON.stringify(shell('orphan', 'echo ready; while :; do sleep 0.05; done'));
  const program = `
    const { startChild } = await import(${JSON.stringify(LEASH)});
    process.stdout.write(String(startChild(${options}).group));
    setInterval(() => {}, 1000);`;
  const supervisor = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let group = '';
  supervisor.stdout.on('data', (chunk: Buffer) => (group += chunk.toString()));
  await until('the child to run', () => group !== '' && wrote('orphan', 'ready'));
  expect(groupIsGone(Number(group))).toBe(false);
  supervisor.kill('SIGKILL');
  await until('its group to go', () => groupIsGone(Number(group)));
});
