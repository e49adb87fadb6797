/** The API's calls for uploads, over `fetch`: those of whatever takes files. */
import { addressesOf, UnexpectedAnswerError, uploadOf, uploadPageOf } from './contract.ts';
import type { UploadApi } from './engine/ports.ts';
import { PassingError, ProblemError } from './errors.ts';

/** Longest that one answer is waited for, in milliseconds. */
const TIMEOUT = 60_000;

/** One call of the API; gives its JSON, null where it has none. */
export type Call = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  options?: {
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  },
) => Promise<unknown>;

/**
 * Calls below an address.
 * @param headers sent with each
 */
export function callsBelow(base: string, headers: Readonly<Record<string, string>> = {}): Call {
  return async (method, path, { body, headers: others, signal } = {}) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), TIMEOUT);
    const stop = () => patience.abort();
    signal?.addEventListener('abort', stop);
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
          ...others,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: patience.signal,
      });
      return contentOf(response, await response.text());
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ProblemError || error instanceof UnexpectedAnswerError) throw error;
      if (error instanceof PassingError) throw error;
      throw new PassingError('the API does not answer', { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  };
}

/** The calls for uploads below `/uploads`. */
export function uploadCalls(call: Call): UploadApi {
  const path = (uploadId: string, rest = '') => `/uploads/${encodeURIComponent(uploadId)}${rest}`;
  return {
    async begin({ source: { path: fileName, size }, caption }, key, signal) {
      const headers = { 'Idempotency-Key': key };
      const body = { fileName, size, ...(caption === '' ? {} : { caption }) };
      return uploadOf(await call('POST', '/uploads', { body, headers, signal }), size);
    },
    read: async (uploadId, size, signal) =>
      uploadOf(await call('GET', path(uploadId), { signal }), size),
    async sign(uploadId, partNumbers, signal) {
      const body = { partNumbers };
      return addressesOf(await call('POST', path(uploadId, '/part-urls'), { body, signal }));
    },
    async complete(uploadId, size, etags, signal) {
      const parts = Array.from(etags, ([partNumber, etag]) => ({ partNumber, etag }));
      const body = { parts };
      return uploadOf(await call('POST', path(uploadId, '/complete'), { body, signal }), size);
    },
    async verifying(signal) {
      const ids = new Set<string>();
      for (let cursor: string | null = ''; cursor !== null; ) {
        const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const answer = await call('GET', `/uploads?state=verifying&limit=500${from}`, { signal });
        const page = uploadPageOf(answer);
        for (const id of page.ids) ids.add(id);
        cursor = page.next;
      }
      return ids;
    },
    abort: async (uploadId) => void (await call('DELETE', path(uploadId))),
  };
}

function contentOf(response: Response, text: string): unknown {
  const { status } = response;
  if (status === 429 || status >= 500) {
    const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
    const after = Number.isFinite(seconds) ? seconds * 1000 : null;
    throw new PassingError(`the API answered ${status}`, { after });
  }
  const content = jsonOf(text);
  if (response.ok) return content;
  const members = typeof content === 'object' && content !== null ? content : {};
  const problem = new ProblemError(status, members as Readonly<Record<string, unknown>>);
  // The first request with this key has not ended: its connection was lost, not the request.
  if (problem.code === 'idempotency-key-in-use') {
    throw new PassingError(problem.message, { cause: problem });
  }
  throw problem;
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    throw new UnexpectedAnswerError('JSON');
  }
}
