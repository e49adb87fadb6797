import { readdirSync, rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'casebridge-test-';

/** Makes the temporary folder of a run, and removes those of runs that were killed. */
export async function makeTestFolder(): Promise<string> {
  for (const name of readdirSync(tmpdir())) {
    const owner = /^casebridge-test-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && hasEnded(Number(owner))) removeTestFolder(join(tmpdir(), name));
  }
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // PostgreSQL's part below it may belong to another user, who has to pass.
  await chmod(folder, 0o711);
  return folder;
}

/** Deletes the folder of a run; one of another user's stays. */
export function removeTestFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
  }
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
