import type { TestApi } from './api.ts';

/** The actions that the audit has of something, oldest first. */
export async function eventsOf(api: TestApi, id: string): Promise<string[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ action: string }[]>(
      'select action from audit_events where objects @> array[?::uuid] order by organization_id, sequence',
      [id],
    );
  return rows.map(({ action }) => action);
}

/** The same events with all that they say. */
export async function recordOf(
  api: TestApi,
  id: string,
): Promise<{ action: string; confidential: boolean; data: unknown }[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ content: string }[]>(
      'select content from audit_events where objects @> array[?::uuid] order by organization_id, sequence',
      [id],
    );
  return rows.map(({ content }) => JSON.parse(content));
}
