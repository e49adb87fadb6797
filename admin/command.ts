import type { z } from 'zod';
import type { Config } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';

/** What a command is given to work with. */
export interface Operating {
  readonly config: Config;
  /** Connects as the application's role; the connection is closed when the command has ended. */
  database(): Promise<Database>;
  /** Tells the operator one line. */
  print(line: string): void;
}

/** One flag of a command: `--name VALUE`, or `--name` alone where `value` is not given. */
export interface Flag {
  readonly value?: string;
  readonly multiple?: boolean;
  readonly description: string;
}

/** One command of the operator's. Its input is what the schema makes of flags and arguments. */
export interface Command {
  /** The words that call it: `organization create`. */
  readonly name: string;
  readonly summary: string;
  /** Arguments without a flag, as help shows them and as the schema names them. */
  readonly positionals?: readonly string[];
  readonly flags: Readonly<Record<string, Flag>>;
  /**
   * Checks what was given, before anything is done.
   * @returns what does it, and gives the exit status
   * @throws UsageError naming every flag that is missing or wrong
   */
  readonly bind: (
    given: Readonly<Record<string, unknown>>,
  ) => (operating: Operating) => Promise<number>;
}

/** A mistake at the command line, in one line; the process ends with 64 (EX_USAGE of sysexits.h). */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Makes a command of its schema and what it does. */
export function command<Schema extends z.ZodObject>(
  spec: Omit<Command, 'bind'> & { readonly input: Schema },
  work: (input: z.output<Schema>, operating: Operating) => Promise<number>,
): Command {
  return {
    ...spec,
    bind(given) {
      const input = spec.input.safeParse(given);
      if (input.success) return async (operating) => work(input.data, operating);
      const faults = input.error.issues.map((issue) => {
        const name = String(issue.path[0] ?? '');
        const shown = spec.positionals?.includes(name) ? name.toUpperCase() : `--${name}`;
        const absent = given[name] === undefined;
        return absent ? `${shown} is missing.` : `${shown}: ${issue.message}`;
      });
      throw new UsageError([...new Set(faults)].join('\n'));
    },
  };
}
