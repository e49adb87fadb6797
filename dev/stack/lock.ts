import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackError } from '../servers/stack-error.ts';

/** The mark of a running stack on its data folder. */
export interface Lock {
  /** Records a process group of this stack. */
  add(group: number): void;
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly groups: readonly number[];
}

/** Longest time that a server takes to stop after its supervisor died: PostgreSQL's grace and a margin. */
const LEFTOVERS_SECONDS = 25;

/**
 * Takes the folder for this process. After a start that was killed, waits until its servers, which stop
 * by themselves, have gone.
 * @throws StackError when another start is running on the folder
 */
export async function lockFolder(dataPath: string): Promise<Lock> {
  const file = join(dataPath, 'lock.json');
  const former = take(file);
  if (former !== undefined) await gone(former.groups);
  const groups: number[] = [];
  return {
    add(group) {
      groups.push(group);
      write(file, groups);
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** Makes the file; returns the dead holder that it was taken from, if there was one. */
function take(file: string): Holder | undefined {
  let former: Holder | undefined;
  for (;;) {
    try {
      closeSync(openSync(file, 'wx', 0o600));
      write(file, []);
      return former;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    former = read(file);
    if (former.pid !== process.pid && isAlive(former.pid)) {
      throw new StackError(
        `Casebridge already runs on this data folder (process ${former.pid}). Stop it, choose another folder with --data, or, if that process is none of Casebridge, remove ${file}.`,
      );
    }
    rmSync(file, { force: true });
  }
}

function write(file: string, groups: readonly number[]): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, groups }), { mode: 0o600 });
  renameSync(draft, file);
}

/** A file that cannot be read as one of ours has no holder. */
function read(file: string): Holder {
  try {
    const { pid, groups } = JSON.parse(readFileSync(file, 'utf8')) as Holder;
    return { pid, groups };
  } catch {
    return { pid: 0, groups: [] };
  }
}

/** Whether a process, or with a negative number a process group, exists. */
function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function gone(groups: readonly number[]): Promise<void> {
  const deadline = performance.now() + LEFTOVERS_SECONDS * 1000;
  while (groups.some((group) => isAlive(-group)) && performance.now() < deadline) await sleep(100);
}
