import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKOUT } from './packages.mjs';
import { say } from './progress.mjs';

/**
 * Does the work while no other set-up of this checkout runs: `npm start` and `npm test` may be started
 * together on a fresh clone. Waits for the other one; a lock whose process is gone does not count.
 */
export async function underLock(work) {
  const name = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `casebridge-setup-${process.getuid?.() ?? 0}-${name}`);
  for (let waits = 0; !take(folder); waits++) {
    if (waits === 0) say('[setup] Waiting for another set-up of this checkout …');
    await sleep(250);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function take(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAbandoned(folder)) return false;
    rmSync(folder, { recursive: true, force: true });
    return take(folder);
  }
  writeFileSync(join(folder, 'pid'), String(process.pid));
  return true;
}

function isAbandoned(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    // Without its pid yet (ENOENT) the lock was taken this very moment.
    return error.code === 'ESRCH';
  }
}
