import { existsSync } from 'node:fs';
import { chown, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresDistribution } from './binaries.ts';
import { startChild } from './leash.ts';
import { type Account, canUse } from './postgres-account.ts';
import { failed } from './ready.ts';
import { type ServerOptions, serverEnvironment } from './running-server.ts';
import { StackError } from './stack-error.ts';

/** What a cluster is made with. */
export interface ClusterOptions extends ServerOptions {
  readonly account: Account | undefined;
  readonly superuserPassword: string;
  /** Whether what is committed must survive a power cut. */
  readonly durable: boolean;
}

/** Makes the data folder, owned by the account. */
export async function prepareFolder(dataDir: string, account: Account | undefined): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (account === undefined) return;
  await chown(dataDir, account.uid, account.gid);
  if (canUse(account, dataDir)) return;
  throw new StackError(
    `The user ${account.name}, as which PostgreSQL runs, cannot enter ${dataDir}. Choose another folder with --data, for example below /var/lib.`,
  );
}

/** PostgreSQL's programs; a copy beside the data where the account cannot enter the checkout. */
export async function usableDistribution(
  dataDir: string,
  account: Account | undefined,
): Promise<string> {
  const distribution = postgresDistribution();
  if (account === undefined || canUse(account, join(distribution, 'bin', 'postgres'))) {
    return distribution;
  }
  const copy = join(dataDir, 'distribution');
  await rm(copy, { recursive: true, force: true });
  await cp(distribution, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Makes a database cluster where there is none; it appears whole or not at all. */
export async function ensureCluster(
  distribution: string,
  cluster: string,
  options: ClusterOptions,
): Promise<void> {
  if (existsSync(cluster)) return;
  const draft = `${cluster}.draft`;
  await rm(draft, { recursive: true, force: true });
  const passwordFile = join(options.dataDir, 'superuser-password');
  await writeFile(passwordFile, options.superuserPassword, { mode: 0o600 });
  try {
    const { account } = options;
    if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
    const initdb = startChild({
      name: 'initdb',
      command: join(distribution, 'bin', 'initdb'),
      args: [
        `--pgdata=${draft}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--data-checksums',
        // The built-in locale sorts and folds alike on every system.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(options.durable ? [] : ['--no-sync']),
      ],
      cwd: options.dataDir,
      environment: serverEnvironment(options.dataDir),
      logFile: options.logFile,
      account,
    });
    options.onChild?.(initdb);
    const end = await initdb.exited;
    if (end !== 'ended with status 0') throw failed(initdb, end);
    await rename(draft, cluster);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}
