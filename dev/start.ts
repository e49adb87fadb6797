/** `npm start`: Casebridge and all it needs on this machine. Options: see `--help`. */
import './stack/console-to-stderr.ts';
import { rmSync } from 'node:fs';
import { migrate } from '../domain/migrations/migrate.ts';
import { loadDemo } from './demo.ts';
import { StackError } from './servers/stack-error.ts';
import { startApi, startWorker } from './stack/application.ts';
import { type DataFolder, defaultDataPath, openDataFolder } from './stack/data-folder.ts';
import { developmentToken } from './stack/development-token.ts';
import {
  apiOrigin,
  OWNER_VARIABLE,
  stackEnvironment,
  writeEnvironmentFile,
} from './stack/environment.ts';
import { untilInterrupted } from './stack/interruption.ts';
import { choosePorts, keptSecrets } from './stack/kept.ts';
import { lockFolder } from './stack/lock.ts';
import { help, parseOptions, type StartOptions } from './stack/options.ts';
import { startServers } from './stack/servers.ts';
import { jsonLine, type Ready, readableSummary } from './stack/summary.ts';
import { createSupervisor, type Supervisor } from './stack/supervisor.ts';

/** Exit status of a start that never got ready because it was told to stop: a shell's for Ctrl-C. */
const INTERRUPTED_STATUS = 130;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(help());
    return 0;
  }
  const folder = openDataFolder(options.data ?? defaultDataPath());
  try {
    return await runIn(folder, options);
  } catch (thrown) {
    const error = named(thrown, folder.path);
    // A folder whose first start failed has nothing worth keeping.
    if (folder.isNew && error instanceof StackError) {
      rmSync(folder.path, { recursive: true, force: true });
    }
    throw error;
  }
}

/** A full disk can show anywhere. */
function named(error: unknown, dataPath: string): unknown {
  const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  return full ? new StackError(`The disk with the data folder ${dataPath} is full.`) : error;
}

async function runIn(folder: DataFolder, options: StartOptions): Promise<number> {
  const lock = await lockFolder(folder.path);
  const supervisor = createSupervisor(lock);
  const interrupted = untilInterrupted();
  try {
    const ready = await Promise.race([
      bringUp(folder.path, options, supervisor),
      supervisor.casualty,
      interrupted.first,
    ]);
    if (ready === 'interrupted') {
      say('Interrupted; stopping …');
      return INTERRUPTED_STATUS;
    }
    process.stdout.write(output(ready, options.json));
    await Promise.race([supervisor.casualty, interrupted.first]);
    say('Stopping …');
    return 0;
  } finally {
    interrupted.onSecond(() => supervisor.kill());
    await supervisor.stop();
    lock.release();
  }
}

async function bringUp(
  dataPath: string,
  options: StartOptions,
  supervisor: Supervisor,
): Promise<Ready> {
  const start = performance.now();
  const onReady = (what: string, milliseconds: number) =>
    say(`  ${what.padEnd(14)}${(milliseconds / 1000).toFixed(1).padStart(6)} s`);
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const begin = performance.now();
    const result = await work;
    onReady(what, performance.now() - begin);
    return result;
  };

  const secrets = keptSecrets(dataPath);
  const ports = await choosePorts(dataPath, options.ports);
  say(`Starting Casebridge with its data in ${dataPath}`);
  const { ownerUrl, ...addresses } = await startServers({
    dataPath,
    ports,
    secrets,
    supervisor,
    onReady,
    migrate,
  });
  const environment = stackEnvironment(addresses, ports, secrets);
  const operatorEnvironment = { ...environment, [OWNER_VARIABLE]: ownerUrl };
  const environmentFile = writeEnvironmentFile(dataPath, operatorEnvironment);

  const application = { dataPath, environment, ports, supervisor };
  await Promise.all([
    timed('Worker', startWorker(application)),
    timed('API', startApi(application)),
  ]);
  const origin = apiOrigin(ports);
  const demo = await timed(
    'Demo data',
    loadDemo({ apiOrigin: origin, environment: operatorEnvironment, log: say }),
  );
  const [first] = demo.users;
  const token =
    options.json || first === undefined ? undefined : await developmentToken(origin, first.email);
  const seconds = (performance.now() - start) / 1000;
  return { origin, addresses, demo, dataPath, environmentFile, seconds, token };
}

function output(ready: Ready, json: boolean): string {
  if (json) return `${jsonLine(ready)}\n`;
  return readableSummary(ready, process.stdout.isTTY && !process.env['NO_COLOR']);
}

// A reader that closes its end early (`| head -1`) does not end the stack.
process.stdout.on('error', () => {});

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    say(error instanceof StackError ? error.message : String((error as Error).stack ?? error));
    process.exit(1);
  },
);
