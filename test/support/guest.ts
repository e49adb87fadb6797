import type { TestAnswer, TestApi } from './api.ts';

/** The calls of whoever holds a session of an upload request or of an invite, by paths below it. */
export interface Guest {
  readonly get: (path?: string) => Promise<TestAnswer>;
  readonly post: (
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<TestAnswer>;
  readonly delete: (path: string) => Promise<TestAnswer>;
  readonly cookie: string;
}

/** A guest with a cookie that a link was exchanged for: `requests/{id}`, or `invites/{id}`. */
export function guestAt(
  api: TestApi,
  place: `requests/${string}` | `invites/${string}`,
  cookie: string,
): Guest {
  const at = (path: string) => `!/guest/v1/${place}${path}`;
  return {
    get: (path = '') => api.get(at(path), null, { Cookie: cookie }),
    post: (path, body = {}, headers = {}) =>
      api.post(at(path), null, body, { Cookie: cookie, ...headers }),
    delete: (path) => api.delete(at(path), null, { Cookie: cookie }),
    cookie,
  };
}
