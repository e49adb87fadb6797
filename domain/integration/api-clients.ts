/** API clients, as administrators make and end them (product rules, section 5). */
import { LockMode } from '@mikro-orm/core';
import type { Act } from '../act.ts';
import { changedAfter } from '../change.ts';
import { DomainError, notFound } from '../errors.ts';
import { requireFeature, requirePermissions, type Staff } from '../identity/staff.ts';
import { type ApiClientId, type ApiClientSecretId, newId } from '../ids.ts';
import { ApiClient, type ApiClientChange } from './api-client.entity.ts';
import { newSecret, secretHash } from './client-secret.ts';

/** Secrets that a client may have at a time: the one in use, and the one that follows it. */
const SECRETS_AT_MOST = 2;

/** A secret as it is shown, once. */
export interface NewClientSecret {
  readonly id: ApiClientSecretId;
  readonly clientSecret: string;
}

/**
 * Makes a client of the organization, with its first secret.
 * @throws DomainError `feature-missing`, `permission-missing`
 */
export async function createApiClient(
  act: Act,
  staff: Staff,
  name: string,
): Promise<{ readonly client: ApiClient; readonly secret: NewClientSecret }> {
  requireFeature(staff, 'communityRequestPlus');
  requireMayAdministerClients(staff);
  const now = new Date();
  const client = act.em.create(ApiClient, {
    id: newId<ApiClientId>(),
    organizationId: staff.organization.id,
    name,
    createdBy: staff.id,
    deletedAt: null,
    deletedBy: null,
    createdAt: now,
    updatedAt: now,
  });
  await act.em.flush();
  const secret = await insertSecret(act, staff, client.id);
  act.audit({
    organizationId: client.organizationId,
    action: 'api_client.created',
    objects: [client.id, secret.id],
    data: { name },
  });
  await tellAdministrators(act, staff, client, 'created');
  return { client, secret };
}

/** @param check is called with the client's version before anything changes */
export async function renameApiClient(
  act: Act,
  staff: Staff,
  id: ApiClientId,
  name: string | undefined,
  check: (version: number) => void,
): Promise<void> {
  const client = await lockClient(act, staff, id);
  check(client.version);
  if (name === undefined || name === client.name) return;
  act.audit({
    organizationId: client.organizationId,
    action: 'api_client.changed',
    objects: [id],
    data: { name: { old: client.name, new: name } },
  });
  client.name = name;
  client.updatedAt = changedAfter(client.updatedAt);
  await act.em.flush();
}

/** Ends a client: its secrets and every token that was given out for them open nothing from here on. */
export async function deleteApiClient(
  act: Act,
  staff: Staff,
  id: ApiClientId,
  check: (version: number) => void,
): Promise<void> {
  const client = await lockClient(act, staff, id);
  check(client.version);
  const now = new Date();
  Object.assign(client, { deletedAt: now, deletedBy: staff.id, updatedAt: now });
  await act.em.flush();
  act.audit({
    organizationId: client.organizationId,
    action: 'api_client.deleted',
    objects: [id],
  });
  await tellAdministrators(act, staff, client, 'deleted');
}

/**
 * Gives a client another secret, so that the one in use can be replaced without a pause.
 * @throws DomainError `wrong-state` where it has two already
 */
export async function addClientSecret(
  act: Act,
  staff: Staff,
  id: ApiClientId,
): Promise<NewClientSecret> {
  requireFeature(staff, 'communityRequestPlus');
  const client = await lockClient(act, staff, id);
  const secrets = await act.em.execute<unknown[]>(
    'select 1 from api_client_secrets where client_id = ? and removed_at is null',
    [id],
  );
  if (secrets.length >= SECRETS_AT_MOST) {
    throw new DomainError(
      'wrong-state',
      'The client has two secrets. Remove the one that is not in use first.',
    );
  }
  const secret = await insertSecret(act, staff, id);
  await noteChange(act, staff, client, 'secret_added', secret.id);
  return secret;
}

/** Removes a secret; tokens that were given out for it open nothing from here on. */
export async function removeClientSecret(
  act: Act,
  staff: Staff,
  id: ApiClientId,
  secretId: ApiClientSecretId,
): Promise<void> {
  const client = await lockClient(act, staff, id);
  const removed = await act.em.execute<unknown[]>(
    `update api_client_secrets set removed_at = clock_timestamp()
     where id = ? and client_id = ? and removed_at is null returning 1`,
    [secretId, id],
  );
  if (removed.length === 0) throw notFound('secret of this API client');
  await noteChange(act, staff, client, 'secret_removed', secretId);
}

/** @throws DomainError `permission-missing` */
export function requireMayAdministerClients(staff: Staff): void {
  requirePermissions(staff, ['admin.apiClients'], false);
}

async function lockClient(act: Act, staff: Staff, id: ApiClientId): Promise<ApiClient> {
  requireMayAdministerClients(staff);
  const client = await act.em.findOne(
    ApiClient,
    { id, organizationId: staff.organization.id, deletedAt: null },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (client === null) throw notFound('API client');
  return client;
}

async function insertSecret(act: Act, staff: Staff, id: ApiClientId): Promise<NewClientSecret> {
  const secret = { id: newId<ApiClientSecretId>(), clientSecret: newSecret() };
  await act.em.execute(
    `insert into api_client_secrets (id, client_id, secret_hash, created_by, created_at)
     values (?, ?, ?, ?, clock_timestamp())`,
    [secret.id, id, secretHash(secret.clientSecret), staff.id],
  );
  return secret;
}

async function noteChange(
  act: Act,
  staff: Staff,
  client: ApiClient,
  change: 'secret_added' | 'secret_removed',
  secretId: ApiClientSecretId,
): Promise<void> {
  client.updatedAt = changedAfter(client.updatedAt);
  await act.em.flush();
  act.audit({
    organizationId: client.organizationId,
    action: `api_client.${change}`,
    objects: [client.id, secretId],
  });
  await tellAdministrators(act, staff, client, change);
}

/** Under the client's lock: changes are numbered without a gap. */
async function tellAdministrators(
  act: Act,
  staff: Staff,
  client: ApiClient,
  change: ApiClientChange,
): Promise<void> {
  await act.em.execute(
    `insert into api_client_changes (client_id, number, change, changed_by, changed_at)
     select ?, count(*) + 1, ?, ?, clock_timestamp() from api_client_changes where client_id = ?`,
    [client.id, change, staff.id, client.id],
  );
  act.wake({
    kind: 'api-client',
    entityId: client.id,
    organizationId: client.organizationId,
    caseId: null,
  });
}
