import type { EntityManager } from '@mikro-orm/postgresql';
import { type Fault, invalid } from '../errors.ts';
import type { OrganizationId } from '../ids.ts';

/** A user or a group, as members of cases and access lists name them. */
export interface Principal {
  readonly type: 'user' | 'group';
  readonly id: string;
}

/** Somebody that a request names, and where in the request. */
export interface NamedPrincipal extends Principal {
  readonly pointer: string;
}

/**
 * Refuses users and groups that are not of the organization, or are disabled.
 * @throws DomainError `validation-failed` with each of them; strangers and unknown ones look the same
 */
export async function requirePrincipals(
  em: EntityManager,
  organizationId: OrganizationId,
  named: readonly NamedPrincipal[],
): Promise<void> {
  if (named.length === 0) return;
  const idsOf = (type: Principal['type']) =>
    `{${named
      .filter((principal) => principal.type === type)
      .map(({ id }) => id)
      .join(',')}}`;
  const rows = await em.execute<Principal[]>(
    `select 'user' as type, id from users where organization_id = ? and disabled_at is null and id = any(?::uuid[])
     union all select 'group', id from groups where organization_id = ? and id = any(?::uuid[])`,
    [organizationId, idsOf('user'), organizationId, idsOf('group')],
  );
  const known = new Set(rows.map(({ type, id }) => `${type}:${id}`));
  const faults = named.flatMap(({ type, id, pointer }): Fault[] =>
    known.has(`${type}:${id}`)
      ? []
      : [{ pointer, detail: `There is no such ${type} in this organization.` }],
  );
  if (faults.length > 0) throw invalid(...faults);
}
