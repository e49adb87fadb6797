import { spawnSync } from 'node:child_process';
import { StackError } from './stack-error.ts';

/** A system user that PostgreSQL runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Exists on every Linux and macOS; used where PostgreSQL's own user does not. */
const USERS = ['postgres', 'nobody'];

/** The user for PostgreSQL, which refuses to run as root; undefined when we are not root. */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of USERS) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new StackError(
    'PostgreSQL does not run as root, and there is no user postgres. Run as another user, or make one: useradd --system postgres',
  );
}

function idOf(option: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

/** Whether the account can read and run (or enter) the path: every folder above it counts, and ACLs too. */
export function canUse(account: Account, path: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
  });
  return status === 0;
}
