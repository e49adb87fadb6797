import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { ApiClientId } from '../../../domain/ids.ts';
import { API_SCOPES } from '../../../domain/integration/api-client.entity.ts';
import { allOf, type Condition, utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import type { apiClientQuery, apiClientView } from './schema.ts';

type ApiClientView = z.input<typeof apiClientView>;

const scopes = API_SCOPES.map((scope) => `'${scope}'`).join(', ');

const CLIENTS: ViewSql = {
  from: 'api_clients c join users u on u.id = c.created_by',
  alias: 'c',
  view: /* sql */ `json_build_object('id', c.id, 'name', c.name, 'clientId', c.id,
    'partnerId', c.organization_id, 'scopes', json_build_array(${scopes}),
    'secrets', coalesce((select json_agg(json_build_object('id', s.id, 'createdAt', ${utc('s.created_at')},
        'lastUsedAt', ${utc('s.last_used_at')}) order by s.id)
      from api_client_secrets s where s.client_id = c.id and s.removed_at is null), '[]'::json),
    'createdBy', json_build_object('id', u.id, 'name', u.name),
    'createdAt', ${utc('c.created_at')}, 'updatedAt', ${utc('c.updated_at')})`,
};

function clientsOf(staff: Staff): Condition {
  return {
    sql: 'c.organization_id = ? and c.deleted_at is null',
    values: [staff.organization.id],
  };
}

/** @throws DomainError `not-found`, also for a client of another organization, or one that was deleted */
export async function readApiClient(em: EntityManager, staff: Staff, id: ApiClientId) {
  const one = { sql: 'c.id = ?', values: [id] };
  const found = await readOne<ApiClientView>(em, CLIENTS, allOf(clientsOf(staff), one));
  if (found === null) throw notFound('API client');
  return found;
}

/** A page of the organization’s clients, oldest first. */
export async function listApiClients(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof apiClientQuery>,
) {
  return readPage<ApiClientView>(em, CLIENTS, clientsOf(staff), asked);
}
