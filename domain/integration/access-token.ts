/** Access tokens: what a client gets for its secret, for an hour. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type ApiClientId, type ApiClientSecretId, type OrganizationId, UUID } from '../ids.ts';
import type { ApiScope } from './api-client.entity.ts';
import { isSecret, newSecret, secretHash } from './client-secret.ts';

/** Seconds that an access token lives. */
export const TOKEN_SECONDS = 3_600;

/** Tokens past their time that issuing one removes at most: more than it adds. */
const REMOVED_AT_ONCE = 100;

/** A client that somebody says to be. */
export interface ClaimedClient {
  readonly id: ApiClientId;
  readonly organizationId: OrganizationId;
}

/** The client with this Client ID; null where there is none, or none any more. */
export async function findClient(
  em: EntityManager,
  clientId: string,
): Promise<ClaimedClient | null> {
  const id = clientId.toLowerCase();
  if (!UUID.test(id)) return null;
  const [found] = await em.execute<{ id: ApiClientId; organization_id: OrganizationId }[]>(
    'select id, organization_id from api_clients where id = ? and deleted_at is null',
    [id],
  );
  return found === undefined ? null : { id: found.id, organizationId: found.organization_id };
}

/**
 * Gives out an access token for a client's secret. The client is held meanwhile: no token is given out
 * after its deletion.
 * @returns the token, shown only now; null where the secret is none of the client's
 */
export async function issueToken(
  act: Act,
  client: ClaimedClient,
  clientSecret: string,
  scopes: readonly ApiScope[],
): Promise<string | null> {
  const { em } = act;
  const held = await em.execute<unknown[]>(
    'select 1 from api_clients where id = ? and deleted_at is null for share',
    [client.id],
  );
  if (held.length === 0) return null;
  const secrets = await em.execute<{ id: ApiClientSecretId; secret_hash: Buffer }[]>(
    'select id, secret_hash from api_client_secrets where client_id = ? and removed_at is null',
    [client.id],
  );
  const [secret] = secrets.filter(({ secret_hash }) => isSecret(clientSecret, secret_hash));
  if (secret === undefined) return null;
  const token = newSecret();
  await em.execute(
    `insert into api_tokens (token_hash, secret_id, scopes, issued_at, expires_at)
     values (?, ?, ?::text[], clock_timestamp(), clock_timestamp() + ? * interval '1 second')`,
    [secretHash(token), secret.id, `{${scopes.join(',')}}`, TOKEN_SECONDS],
  );
  await em.execute('update api_client_secrets set last_used_at = clock_timestamp() where id = ?', [
    secret.id,
  ]);
  await em.execute(
    `delete from api_tokens where token_hash in (
       select token_hash from api_tokens where expires_at < clock_timestamp()
       order by expires_at limit ? for update skip locked)`,
    [REMOVED_AT_ONCE],
  );
  act.audit({
    organizationId: client.organizationId,
    action: 'api_client.token_issued',
    objects: [client.id, secret.id],
    data: { scopes },
  });
  return token;
}
