import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebridge-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const heldBy = (pid: number) =>
  writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid, groups: [] }));

test('a folder whose holder lives is refused, naming the holder', async () => {
  heldBy(process.ppid);
  await expect(lockFolder(folder)).rejects.toThrow(`process ${process.ppid}`);
  expect(existsSync(join(folder, 'lock.json'))).toBe(true);
});

test('a lock that its holder left behind is taken over', async () => {
  heldBy(spawnSync('true').pid);
  const lock = await lockFolder(folder);
  lock.release();
  expect(existsSync(join(folder, 'lock.json'))).toBe(false);
});

test('a lock that cannot be read is taken over', async () => {
  writeFileSync(join(folder, 'lock.json'), 'not json');
  (await lockFolder(folder)).release();
});
