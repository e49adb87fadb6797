import { parseArgs } from 'node:util';
import { administratorCreate } from './administrator.ts';
import { auditVerify } from './audit.ts';
import { type Command, UsageError } from './command.ts';
import { inventoryShow } from './inventory.ts';
import { migrateCommand } from './migrate.ts';
import { organizationCreate, organizationFeatures, organizationList } from './organization.ts';
import { organizationIssuer } from './organization-issuer.ts';
import { reconcile } from './reconcile.ts';

const COMMANDS: readonly Command[] = [
  organizationCreate,
  organizationFeatures,
  organizationIssuer,
  organizationList,
  administratorCreate,
  auditVerify,
  inventoryShow,
  reconcile,
  migrateCommand,
];

/** What a command line asks for: a text to print, or a command with what it was given. */
export type Asked =
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'command'; readonly run: ReturnType<Command['bind']> };

/** @throws UsageError for words that are no command, and for flags that are missing or wrong */
export function parseCommandLine(args: readonly string[]): Asked {
  const wantsHelp = args.includes('--help') || args.includes('-h');
  const command = COMMANDS.find(({ name }) =>
    name.split(' ').every((word, position) => args[position] === word),
  );
  if (command === undefined) {
    const words = args.filter((word) => !word.startsWith('-')).join(' ');
    if (wantsHelp || words === '') return { type: 'help', text: overview() };
    throw new UsageError(`There is no command "${words}". See --help.`);
  }
  if (wantsHelp) return { type: 'help', text: helpOf(command) };
  return { type: 'command', run: command.bind(given(command, args)) };
}

function given(command: Command, args: readonly string[]): Record<string, unknown> {
  const names = command.positionals ?? [];
  const { values, positionals } = read(command, args.slice(command.name.split(' ').length));
  const surplus = positionals.slice(names.length);
  if (surplus.length > 0) throw new UsageError(`Not understood: ${surplus.join(' ')}`);
  return {
    ...values,
    ...Object.fromEntries(names.map((name, position) => [name, positionals[position]])),
  };
}

function read(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(command.flags).map(([name, flag]) => [
          name,
          {
            type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
            multiple: flag.multiple ?? false,
          },
        ]),
      ),
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${sentence}. See ${command.name} --help.`);
  }
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length)) + 2;
  return [
    'For the operator of an installation: npm run admin -- COMMAND [flags]',
    '',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'COMMAND --help shows the flags of one.',
    'The configuration is that of the API, from the environment.',
    'The exit status is 64 for a mistake at the command line and 78 for one in the configuration.',
  ].join('\n');
}

function helpOf(command: Command): string {
  const names = (command.positionals ?? []).map((name) => ` ${name.toUpperCase()}`).join('');
  const flags = Object.entries(command.flags).map(([name, { value, description }]) => {
    const flag = `--${name}${value === undefined ? '' : ` ${value}`}`;
    return `  ${flag.padEnd(26)}${description}`;
  });
  return [
    `${command.summary}: npm run admin -- ${command.name}${names}${flags.length > 0 ? ' [flags]' : ''}`,
    ...(flags.length > 0 ? ['', ...flags] : []),
  ].join('\n');
}
