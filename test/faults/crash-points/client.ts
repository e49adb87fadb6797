/** A client of the API that does not give up: it repeats what it has no answer to, under the same key. */
import { randomUUID } from 'node:crypto';
import type { Caller, TestAnswer, TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';

/** Seconds for which a client tries. */
const PATIENCE = 90;

/**
 * The calls of a test's API, made to a process at an origin.
 * @param minutePasses lets the time pass for which a request that was killed holds its key
 */
export function patientClient(
  origin: string,
  minutePasses: () => Promise<void>,
): Pick<TestApi, 'token' | 'get' | 'post' | 'put' | 'patch' | 'delete'> {
  const token = async ({ email }: { readonly email: string }): Promise<string> => {
    const { body } = await request('POST', '!/dev/token', {}, { email });
    return body.accessToken;
  };

  async function request(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
    as: Caller = null,
  ): Promise<TestAnswer> {
    const address = path.startsWith('!') ? `${origin}${path.slice(1)}` : `${origin}/api/v1${path}`;
    return untilAnswered(async () => {
      const answer = await answerOf(
        await fetch(address, {
          method,
          redirect: 'manual',
          headers: {
            // The development issuer's key ends with its process, so each attempt has a token of its own.
            ...(as === null ? {} : { Authorization: `Bearer ${await token(as)}` }),
            ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
      if (isInUse(answer)) await minutePasses();
      return answer;
    });
  }

  /** A change on top of the version that was read: one that was made, but not heard of, is not made twice. */
  async function change(method: string, path: string, as: Caller, body: unknown) {
    const before = await request('GET', path, {}, undefined, as);
    const version = before.headers.get('ETag');
    const headers: Record<string, string> = version === null ? {} : { 'If-Match': version };
    const answer = await request(method, path, headers, body, as);
    return answer.status === 412 ? request('GET', path, {}, undefined, as) : answer;
  }

  return {
    token,
    get: (path, as, headers = {}) => request('GET', path, headers, undefined, as),
    delete: (path, as, headers = {}) => request('DELETE', path, headers, undefined, as),
    post: (path, as, body, headers = {}) =>
      request('POST', path, { 'Idempotency-Key': randomUUID(), ...headers }, body, as),
    put: (path, as, body) => change('PUT', path, as, body),
    patch: (path, as, body, headers) =>
      headers === undefined
        ? change('PATCH', path, as, body)
        : request('PATCH', path, headers, body, as),
  };
}

/** Repeats what somebody does while the connection breaks or the API says that it should be repeated. */
export async function untilAnswered<T>(
  attempt: () => Promise<T>,
): Promise<Exclude<T, null | undefined | false>> {
  return eventually(
    'an answer of the API',
    async () => {
      const answer = await attempt().catch((error: unknown) => {
        // The API is gone, or went while it answered. (Not our realm's TypeError, where Jest has one.)
        if (Object(error).name === 'TypeError') return null;
        throw error;
      });
      return isAway(answer) || isInUse(answer) ? null : answer;
    },
    PATIENCE,
  );
}

function isAway(answer: unknown): boolean {
  return (Object(answer) as { readonly status?: unknown }).status === 503;
}

function isInUse(answer: unknown): boolean {
  const { body } = Object(answer) as { readonly body?: unknown };
  const { code } = Object(body) as { readonly code?: unknown };
  return code === 'idempotency-key-in-use';
}

async function answerOf(response: Response): Promise<TestAnswer> {
  const text = await response.text();
  const json = response.headers.get('Content-Type')?.includes('json') === true && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    body: json ? JSON.parse(text) : text,
  };
}
