/** Where the API is, and who asks: from the command line, or from a running `npm start`. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { DEMO_ADMINISTRATOR } from '../dev/demo/administrator.ts';
import { defaultDataPath } from '../dev/stack/data-folder.ts';
import { developmentToken } from '../dev/stack/development-token.ts';
import { ImportError, reasonOf } from './import-error.ts';
import type { ImportOptions } from './options.ts';

export interface Connection {
  /** Origin of the API. */
  readonly origin: string;
  /** A token that is good now; asked for again when one was refused. */
  readonly token: () => Promise<string>;
  /** Who signs in, as a sentence says it. */
  readonly who: string;
}

/** @throws ImportError where nothing says where the API is */
export function connectionOf(
  options: Pick<ImportOptions, 'api' | 'tokenFile' | 'as' | 'data'>,
  environment: Readonly<Record<string, string | undefined>>,
): Connection {
  const origin = originOf(options);
  const { tokenFile, as } = options;
  const given = environment['CASEBRIDGE_TOKEN'];
  if (tokenFile !== undefined) {
    const token = async () => (await readFile(tokenFile, 'utf8')).trim();
    return { origin, token, who: `with the token in ${tokenFile}` };
  }
  if (given !== undefined && given !== '') {
    return {
      origin,
      token: () => Promise.resolve(given),
      who: 'with the token in CASEBRIDGE_TOKEN',
    };
  }
  const email = as ?? DEMO_ADMINISTRATOR;
  return { origin, token: () => issued(origin, email), who: `as ${email}` };
}

function originOf({ api, data }: Pick<ImportOptions, 'api' | 'data'>): string {
  if (api !== undefined) {
    if (!URL.canParse(api)) throw new ImportError(`--api ${api} is not an address.`);
    return new URL(api).origin;
  }
  const file = join(data ?? defaultDataPath(), 'casebridge.env');
  const origin = existsSync(file)
    ? parseEnv(readFileSync(file, 'utf8'))['CASEBRIDGE_PUBLIC_URL']
    : undefined;
  if (origin !== undefined) return origin;
  throw new ImportError(
    `There is no ${file}, so no npm start has run here. Start one, or name the API: --api ORIGIN.`,
  );
}

async function issued(origin: string, email: string): Promise<string> {
  try {
    const token = await developmentToken(origin, email);
    if (token !== undefined) return token;
  } catch (error) {
    throw new ImportError(
      `${origin} gives no development token: ${reasonOf(error)}. Is it running? Otherwise use --token-file.`,
      { cause: error },
    );
  }
  throw new ImportError('Name the user to sign in as: --as EMAIL.');
}
