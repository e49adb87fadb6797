import type { EntityManager } from '@mikro-orm/postgresql';
import type { CaseId, EvidenceId, OrganizationId } from '../ids.ts';
import { requireKnown } from '../require-known.ts';
import { uuids } from '../sql.ts';

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
    uuids(named.filter((principal) => principal.type === type).map(({ id }) => id));
  const rows = await em.execute<Principal[]>(
    `select 'user' as type, id from users where organization_id = ? and disabled_at is null and id = any(?::uuid[])
     union all select 'group', id from groups where organization_id = ? and id = any(?::uuid[])`,
    [organizationId, idsOf('user'), organizationId, idsOf('group')],
  );
  const known = new Set(rows.map(({ type, id }) => `${type}:${id}`));
  requireKnown(named, ({ type, id }) => known.has(`${type}:${id}`));
}

/** Tables of users and groups, each with the column that says whose they are. */
const LISTS = { case_members: 'case_id', evidence_access: 'evidence_id' } as const;

/** Makes these the members of a case or the access list of evidence; says whether they were others before. */
export async function replacePrincipals(
  em: EntityManager,
  list: keyof typeof LISTS,
  ownerId: CaseId | EvidenceId,
  principals: readonly Principal[],
): Promise<boolean> {
  const wanted = JSON.stringify(principals);
  const removed = await em.execute<unknown[]>(
    `delete from ${list} where ${LISTS[list]} = ? and (principal_type, principal_id) not in (
       select p.type, p.id from jsonb_to_recordset(?::jsonb) as p (type text, id uuid)) returning 1`,
    [ownerId, wanted],
  );
  const added = await em.execute<unknown[]>(
    `insert into ${list} (${LISTS[list]}, principal_type, principal_id)
     select distinct ?::uuid, p.type, p.id from jsonb_to_recordset(?::jsonb) as p (type text, id uuid)
     on conflict do nothing returning 1`,
    [ownerId, wanted],
  );
  return removed.length > 0 || added.length > 0;
}
