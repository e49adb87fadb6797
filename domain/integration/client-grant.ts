/** Who an access token speaks for, asked of PostgreSQL at every call: nothing of it is believed for a while. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../audit/event.ts';
import { DomainError } from '../errors.ts';
import type { Feature } from '../identity/organization.entity.ts';
import type { ApiClientId, ApiClientSecretId, OrganizationId } from '../ids.ts';
import { TOKEN_PATTERN, tokenHash } from '../link-token.ts';
import type { ApiScope } from './api-client.entity.ts';

/** An API client whose token is good, with what decides about its calls. */
export interface ApiClientGrant {
  readonly clientId: ApiClientId;
  readonly name: string;
  readonly secretId: ApiClientSecretId;
  readonly scopes: readonly ApiScope[];
  readonly organization: {
    readonly id: OrganizationId;
    readonly slug: string;
    readonly name: string;
    readonly timeZone: string;
    readonly features: readonly Feature[];
  };
  readonly actor: Actor;
  /** What the row of the token keeps of it. */
  readonly tokenHash: Buffer;
}

interface GrantRow {
  readonly client_id: ApiClientId;
  readonly name: string;
  readonly secret_id: ApiClientSecretId;
  readonly scopes: ApiScope[];
  readonly organization_id: OrganizationId;
  readonly slug: string;
  readonly organization_name: string;
  readonly time_zone: string;
  readonly features: Feature[];
}

/** SQL over a token `t`, its secret `s` and its client `c`: the token opens something now. */
const IS_GOOD = /* sql */ `c.deleted_at is null and s.removed_at is null and t.expires_at > clock_timestamp()`;

/** The client that a token speaks for now; null for one that is unknown, expired or cut off. */
export async function findClientGrant(
  em: EntityManager,
  token: string,
): Promise<ApiClientGrant | null> {
  if (!TOKEN_PATTERN.test(token)) return null;
  const hash = tokenHash(token);
  const [row] = await em.execute<GrantRow[]>(
    `select c.id as client_id, c.name, s.id as secret_id, to_json(t.scopes) as scopes, o.id as organization_id,
       o.slug, o.name as organization_name, o.time_zone, to_json(o.features) as features
     from api_tokens t join api_client_secrets s on s.id = t.secret_id
     join api_clients c on c.id = s.client_id join organizations o on o.id = c.organization_id
     where t.token_hash = ? and ${IS_GOOD}`,
    [hash],
  );
  if (row === undefined) return null;
  return {
    clientId: row.client_id,
    name: row.name,
    secretId: row.secret_id,
    scopes: row.scopes,
    organization: {
      id: row.organization_id,
      slug: row.slug,
      name: row.organization_name,
      timeZone: row.time_zone,
      features: row.features,
    },
    actor: { kind: 'api_client', id: row.client_id, organizationId: row.organization_id },
    tokenHash: hash,
  };
}

/**
 * Holds the client until the end of the transaction, first of all locks: whoever deletes it, or removes
 * the secret, waits; and whoever comes after that is refused. So nothing that a client does is committed
 * after its deletion.
 * @throws DomainError `not-signed-in` where the token opens nothing any more
 */
export async function holdClient(em: EntityManager, grant: ApiClientGrant): Promise<void> {
  await em.execute('select 1 from api_clients where id = ? for share', [grant.clientId]);
  // A statement of its own: it sees what was committed while that one waited.
  const good = await em.execute<unknown[]>(
    `select 1 from api_tokens t join api_client_secrets s on s.id = t.secret_id
     join api_clients c on c.id = s.client_id where t.token_hash = ? and ${IS_GOOD}`,
    [grant.tokenHash],
  );
  if (good.length === 0) throw tokenRefused();
}

/** The refusal of a token that opens nothing: unknown, expired, or its client or secret is gone. */
export function tokenRefused(): DomainError {
  return new DomainError(
    'not-signed-in',
    'The access token is not valid or has expired. Ask /api/oauth2/token for another.',
  );
}

/** @throws DomainError `feature-missing`: only the operator of the installation switches features */
export function requireIncidentReports({ organization }: ApiClientGrant): void {
  const feature: Feature = 'communityRequestPlus';
  if (organization.features.includes(feature)) return;
  throw new DomainError(
    'feature-missing',
    `The feature ${feature} is not switched on for ${organization.name}. The operator of this installation can switch it on.`,
    { members: { missing: [feature], organization: organization.slug } },
  );
}
