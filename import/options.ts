import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImportError } from './import-error.ts';

/** What the user asked of `npm run import`. */
export interface ImportOptions {
  /** Absolute. */
  readonly folder: string;
  readonly caseNumber: string;
  readonly title: string | undefined;
  readonly api: string | undefined;
  readonly tokenFile: string | undefined;
  /** Whom the development issuer speaks for. */
  readonly as: string | undefined;
  /** Data folder of a running `npm start`. */
  readonly data: string | undefined;
  readonly files: number;
  readonly parts: number;
}

export const HELP = `Loads a folder as evidence of a case: npm run import -- FOLDER --case NUMBER [options]

  --case NUMBER       number of the case; made where there is none
  --title TITLE       title of a case that is made
  --api ORIGIN        where the API is (default: the running npm start)
  --token-file FILE   file with a token of the OIDC issuer; read again when it has expired
                      (or the variable CASEBRIDGE_TOKEN)
  --as EMAIL          user to sign in as, with the development issuer only
  --data DIR          data folder of the running npm start, where it is not the default one
  --files N           files at once (default 4)
  --parts N           parts at once, of all files (default 8)
  --help              print this

Run again, it goes on where it stopped; files that the case has are not sent again.
`;

/**
 * Reads the command line.
 * @returns 'help' where help was asked for
 * @throws ImportError naming what is wrong
 */
export function parseOptions(args: readonly string[]): ImportOptions | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help === true) return 'help';
  const [folder, ...others] = positionals;
  if (folder === undefined) throw new ImportError('Name the folder to load. See --help.');
  if (others.length > 0)
    throw new ImportError(`One folder at a time: ${others[0]} is one too many.`);
  if (values.case === undefined || values.case.trim() === '') {
    throw new ImportError('Name the case: --case NUMBER. See --help.');
  }
  return {
    folder: resolve(folder),
    caseNumber: values.case.trim().normalize('NFC'),
    title: values.title,
    api: values.api,
    tokenFile: values['token-file'],
    as: values.as,
    data: values.data === undefined ? undefined : resolve(values.data),
    files: countOf('--files', values.files, 4),
    parts: countOf('--parts', values.parts, 8),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        case: { type: 'string' },
        title: { type: 'string' },
        api: { type: 'string' },
        'token-file': { type: 'string' },
        as: { type: 'string' },
        data: { type: 'string' },
        files: { type: 'string' },
        parts: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new ImportError(`${(error as Error).message} See --help.`, { cause: error });
  }
}

function countOf(name: string, value: string | undefined, usual: number): number {
  if (value === undefined) return usual;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new ImportError(`${name} must be a number from 1 to 64.`);
}
