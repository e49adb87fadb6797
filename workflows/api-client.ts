import { live } from './lifecycle.ts';

/**
 * The life of an API client (id `api-client:<client id>`): it tells the organization's administrators of each
 * change of the client, ends when they were told, and begins again with the next change. What the client may
 * do at any moment is decided by PostgreSQL alone.
 */
export async function apiClient(): Promise<void> {
  await live('api-client', {});
}
