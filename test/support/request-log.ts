import type { UploadRequestId } from '../../domain/ids.ts';
import { linkToken } from '../../domain/link-token.ts';
import type { TestApi } from './api.ts';

/** `/l/` and the token of the newest link to a request's activity log. */
export async function logLinkPath(api: TestApi, requestId: UploadRequestId): Promise<string> {
  const [link] = await api.database.em
    .fork()
    .execute<{ id: string }[]>(
      'select id from activity_log_links where request_id = ? order by id desc limit 1',
      [requestId],
    );
  if (link === undefined) throw new Error('there is no link to the log');
  return `/l/${linkToken(api.config.LINK_KEYS, link.id, 1)}`;
}

/** Opens it as a browser does; gives the cookie to send. */
export async function openLogLink(api: TestApi, path: string): Promise<string> {
  const response = await fetch(`${api.origin}${path}`, { method: 'POST', redirect: 'manual' });
  await response.body?.cancel();
  if (response.status !== 303) throw new Error(`the log was not opened: ${response.status}`);
  return (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
}
