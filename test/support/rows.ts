import type { TestApi } from './api.ts';

/** Changes a row as time or an operator would: `alter(api, 'invites', id, 'expires_at = …')`. */
export async function alter(
  api: TestApi,
  table: 'portals' | 'invites' | 'upload_requests',
  id: string,
  set: string,
): Promise<void> {
  await api.database.em.fork().execute(`update ${table} set ${set} where id = ?`, [id]);
}

/** SQL that lets it have expired just now. */
export const JUST_EXPIRED = `expires_at = clock_timestamp() - interval '1 millisecond'`;
