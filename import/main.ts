/** `npm run import`: loads a folder as evidence of a case. Options: see `--help`. */
import { openApi } from './api.ts';
import { connectionOf } from './connection.ts';
import { ImportError, reasonOf } from './import-error.ts';
import { importFolder } from './import-folder.ts';
import { HELP, parseOptions } from './options.ts';
import { succeeded, summaryOf } from './outcome.ts';
import { openProgress } from './progress.ts';
import { stateFolder } from './state.ts';

/** Exit status of a program that Ctrl-C ended, as shells have it. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  // A client beside the servers: its few variables are its own, and none is a server's setting.
  const environment = process.env;
  const connection = connectionOf(options, environment);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new ImportError('Stopped.')));
  }
  const progress = openProgress(process.stdout);
  const begun = performance.now();
  try {
    progress.say(`Signing in at ${connection.origin} ${connection.who}.`);
    const result = await importFolder({
      api: openApi(connection, interrupted.signal),
      origin: connection.origin,
      options,
      stateFolder: stateFolder(environment),
      progress,
    });
    progress.close();
    process.stdout.write(summaryOf(result, (performance.now() - begun) / 1000));
    return succeeded(result) ? 0 : 1;
  } catch (error) {
    progress.close();
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write('Stopped. Run the same command again to go on.\n');
    return INTERRUPTED;
  }
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    const known = error instanceof ImportError || (error as Error).name === 'PassingError';
    process.stderr.write(`${known ? reasonOf(error) : String((error as Error).stack ?? error)}\n`);
    process.exit(1);
  },
);
