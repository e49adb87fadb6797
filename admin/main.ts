import { DomainError } from '../domain/errors.ts';
import { loadConfig } from '../platform/config.ts';
import { type Database, openDatabase } from '../platform/database.ts';
import { UsageError } from './command.ts';
import { type Asked, parseCommandLine } from './command-line.ts';

/** Exit status for a mistake at the command line (EX_USAGE of sysexits.h). */
const EX_USAGE = 64;

/** Exit status where the command could not do its work (EX_SOFTWARE of sysexits.h); 1 is a verdict. */
const EX_SOFTWARE = 70;

/** Runs the command; gives the exit status. */
async function run(asked: Extract<Asked, { type: 'command' }>): Promise<number> {
  const config = loadConfig();
  const opened: Database[] = [];
  try {
    return await asked.run({
      config,
      async database() {
        const database = await openDatabase({ url: config.DATABASE_URL, poolSize: 4 });
        opened.push(database);
        return database;
      },
      print: (line) => void process.stdout.write(`${line}\n`),
    });
  } finally {
    await Promise.all(opened.map((database) => database.close()));
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError || error instanceof DomainError) {
    const faults = error instanceof DomainError ? error.faults.map(({ detail }) => detail) : [];
    const sentence = error instanceof DomainError ? error.detail : error.message;
    process.stderr.write(`${[sentence, ...faults].join('\n')}\n`);
    return EX_USAGE;
  }
  process.stderr.write(`It failed: ${innermost(error)}\n`);
  return EX_SOFTWARE;
}

/** The error that the others were made of says what happened: no connection, no such role … */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(innermost).join('; ');
  return error.cause === undefined ? error.message : innermost(error.cause);
}

try {
  const asked = parseCommandLine(process.argv.slice(2));
  if (asked.type === 'help') process.stdout.write(`${asked.text}\n`);
  else process.exitCode = await run(asked);
} catch (error) {
  process.exitCode = explain(error);
}
