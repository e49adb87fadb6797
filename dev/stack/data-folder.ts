import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CHECKOUT } from '../servers/binaries.ts';
import { canUse, postgresAccount } from '../servers/postgres-account.ts';
import { StackError } from '../servers/stack-error.ts';

/** The folder that holds everything of one stack. */
export interface DataFolder {
  readonly path: string;
  /** Whether this start made it. */
  readonly isNew: boolean;
}

/**
 * The folder that is used when none is named: `.casebridge` in the checkout. Where PostgreSQL must run as
 * another user than root and that user cannot enter the checkout (one below /root), a folder in /var/lib
 * named after the checkout.
 */
export function defaultDataPath(): string {
  const account = postgresAccount();
  if (account === undefined || canUse(account, CHECKOUT)) return join(CHECKOUT, '.casebridge');
  const checkout = realpathSync(CHECKOUT);
  const id = createHash('sha256').update(checkout).digest('hex').slice(0, 8);
  return join('/var/lib', `casebridge-${basename(checkout)}-${id}`);
}

/**
 * Makes the data folder where there is none, and its folder of logs.
 * @throws StackError when it cannot be made or written
 */
export function openDataFolder(path: string): DataFolder {
  const isNew = !existsSync(path);
  // A folder of root's must be passable: PostgreSQL's part below it belongs to another user.
  const mode = postgresAccount() === undefined ? 0o700 : 0o711;
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (isNew) mkdirSync(path, { mode });
    mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StackError(describe(path, error as NodeJS.ErrnoException));
  }
  return { path, isNew };
}

function describe(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOSPC':
      return `The data folder ${path} cannot be made: the disk is full.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `The data folder ${path} cannot be used: there is a file of that name.`;
    default:
      return `The data folder ${path} is not writable (${error.code}). Choose another with --data.`;
  }
}
