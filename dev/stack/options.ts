import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StackError } from '../servers/stack-error.ts';

/** What the user asked of `npm start`. */
export interface StartOptions {
  /** Data folder, absolute; undefined for the default. */
  readonly data: string | undefined;
  /** Whether to print one line of JSON when ready. */
  readonly json: boolean;
  /** Ports that the user chose; the others are found. */
  readonly ports: Readonly<Partial<Record<PortName, number>>>;
}

/** Every port that has a fixed place in a stack. */
export const PORTS = {
  api: 'port of the API and the pages (default 8080; 0 for a free one)',
  'api-internal': "port of the API's health and metrics",
  worker: "port of the worker's health and metrics",
  postgres: 'port of PostgreSQL',
  temporal: 'port of the Temporal frontend',
  'temporal-ui': 'port of the Temporal UI',
  s3: 'port of the object store',
  smtp: 'port that the mailbox takes mail on',
  mailbox: "port of the mailbox's web page",
} as const;

export type PortName = keyof typeof PORTS;

const portNames = Object.keys(PORTS) as PortName[];

/** `--port` is the one that everybody uses. */
function flagOf(name: PortName): string {
  return name === 'api' ? 'port' : `${name}-port`;
}

/** The text of `--help`. */
export function help(): string {
  const rows: [string, string][] = [
    ['--data DIR', 'folder of all data (default .casebridge in the checkout)'],
    ...portNames.map((name): [string, string] => [`--${flagOf(name)} N`, PORTS[name]]),
    ['--json', 'print one line of JSON when ready; everything else goes to stderr'],
    ['--help', 'print this'],
  ];
  return [
    'Starts Casebridge with all it needs: npm start -- [options]',
    '',
    ...rows.map(([flag, text]) => `  ${flag.padEnd(24)}${text}`),
    '',
    'Ports that are not given are free ones, kept in the data folder for the next start.',
    '"npm start --silent -- --json" keeps npm\'s own lines out of stdout.',
    '',
  ].join('\n');
}

/**
 * Reads the command line.
 * @returns 'help' where help was asked for
 * @throws StackError naming what is wrong, with the list of options
 */
export function parseOptions(args: readonly string[]): StartOptions | 'help' {
  const values = read(args);
  if (values['help'] === true) return 'help';
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of portNames) {
    const given = values[flagOf(name)];
    if (typeof given === 'string') ports[name] = portNumber(flagOf(name), given);
  }
  const data = values['data'];
  if (data === '') throw refused('--data needs a folder.');
  return {
    data: typeof data === 'string' ? resolve(data) : undefined,
    json: values['json'] === true,
    ports,
  };
}

function read(args: readonly string[]): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries(portNames.map((name) => [flagOf(name), { type: 'string' as const }])),
      },
    }).values;
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}

function portNumber(flag: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw refused(`--${flag} must be a port, a number from 0 to 65535.`);
}

function refused(reason: string): StackError {
  return new StackError(`${reason}\n\n${help()}`);
}
