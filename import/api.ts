import { z } from 'zod';
import type { Connection } from './connection.ts';
import { ImportError } from './import-error.ts';
import { PassingError, persistently } from './retry.ts';

/** A problem document (RFC 9457) that the API answered. */
export class ApiProblem extends ImportError {
  readonly status: number;
  readonly code: string;
  readonly members: Readonly<Record<string, unknown>>;
  constructor(problem: z.output<typeof problemSchema>) {
    const faults = problem.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
    super([problem.detail, ...faults].join(' '));
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.code;
    this.members = problem;
  }
}

const problemSchema = z.looseObject({
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
});

/** The public API, for one user. */
export interface Api {
  readonly get: <T extends z.ZodType>(path: string, answer: T) => Promise<z.output<T>>;
  readonly post: <T extends z.ZodType>(
    path: string,
    body: unknown,
    answer: T,
  ) => Promise<z.output<T>>;
  /** A POST that makes something: repeated under one key, it makes it once. */
  readonly create: <T extends z.ZodType>(
    path: string,
    body: unknown,
    answer: T,
  ) => Promise<z.output<T>>;
  readonly delete: (path: string) => Promise<void>;
  /** Ends all requests when the user stops the import. */
  readonly signal: AbortSignal;
}

/** Longest that one answer is waited for, in milliseconds. */
const TIMEOUT = 60_000;

/** Speaks to the API, again and again while it is away or busy, with a new token where one was refused. */
export function openApi({ origin, token }: Connection, signal: AbortSignal): Api {
  let current: Promise<string> | null = null;

  async function request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    let renewed = false;
    return persistently(async () => {
      current ??= token();
      const bearer = current;
      const response = await answered(`${origin}/api/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${await bearer}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
      });
      if (response.status === 401 && !renewed) {
        renewed = true;
        if (current === bearer) current = null;
        throw new PassingError('the token has expired', { after: 0 });
      }
      return contentOf(response);
    }, signal);
  }

  return {
    get: async (path, answer) => answer.parse(await request('GET', path)),
    post: async (path, body, answer) => answer.parse(await request('POST', path, body)),
    async create(path, body, answer) {
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      return answer.parse(await request('POST', path, body, headers));
    },
    delete: async (path) => void (await request('DELETE', path)),
    signal,
  };

  async function answered(address: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(address, init);
    } catch (error) {
      if (signal.aborted) throw error;
      throw new PassingError(`${origin} does not answer`, { cause: error });
    }
  }
}

async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.status === 429 || response.status >= 500) {
    const after = Number(response.headers.get('Retry-After') ?? Number.NaN) * 1000;
    throw new PassingError(`the API answered ${response.status}`, {
      after: Number.isFinite(after) ? after : null,
    });
  }
  if (response.ok) return text === '' ? null : JSON.parse(text);
  if (!response.headers.get('Content-Type')?.includes('json')) {
    throw new ImportError(`The API answered ${response.status}.`);
  }
  const problem = new ApiProblem(problemSchema.parse(JSON.parse(text)));
  // The first request with this key has not ended: its connection was lost, not the request.
  if (problem.code === 'idempotency-key-in-use') {
    throw new PassingError(problem.message, { cause: problem });
  }
  throw problem;
}
