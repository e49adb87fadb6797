import { type LinkKeys, linkToken } from '../../domain/link-token.ts';
import { parseConfig } from '../../platform/config.ts';
import { testEnvironment } from '../support/api.ts';
import type { LoadClient } from './load.ts';
import { GivenUpError } from './load-calls.ts';

/** The keys that the processes of tests derive links from. */
export function linkKeysOfTests(): LinkKeys {
  return parseConfig(testEnvironment('postgresql://127.0.0.1/none')).LINK_KEYS;
}

/** The token of a link's first generation: the one that the mail has. */
export function firstToken(id: string): string {
  return linkToken(linkKeysOfTests(), id, 1);
}

/** Opens a link as a browser does, as often as it takes; gives the cookie to send. */
export async function openToken(
  { calls }: LoadClient,
  page: 's' | 'u' | 'i',
  token: string,
): Promise<string> {
  const { status, headers } = await calls.ask({
    method: 'POST',
    path: `/${page}/${token}`,
    as: null,
  });
  if (status !== 303) throw new GivenUpError(`the link was not opened: ${status}`);
  return (headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
}
