import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../audit/event.ts';
import { DomainError } from '../errors.ts';
import type { CaseId, EvidenceId, GroupId, OrganizationId, UserId } from '../ids.ts';
import { type Condition, uuids } from '../sql.ts';
import type { Feature } from './organization.entity.ts';
import { type Grants, type Level, levelOf, type Permission } from './permissions.ts';
import type { Language } from './user.entity.ts';

/** A signed-in user with what decides on every request: looked up anew each time. */
export interface Staff {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  readonly language: Language;
  readonly organization: {
    readonly id: OrganizationId;
    readonly slug: string;
    readonly name: string;
    readonly timeZone: string;
    readonly features: readonly Feature[];
  };
  readonly groups: readonly GroupId[];
  readonly roles: readonly Grants[];
  readonly actor: Actor;
}

interface StaffRow {
  id: UserId;
  name: string;
  email: string;
  language: Language;
  organization_id: OrganizationId;
  slug: string;
  organization_name: string;
  time_zone: string;
  features: Feature[];
  groups: GroupId[];
  roles: Grants[];
}

/** The user with this address, unless there is none or it is disabled. */
export async function findStaff(em: EntityManager, email: string): Promise<Staff | null> {
  const [row] = await em.execute<StaffRow[]>(
    `select u.id, u.name, u.email, u.language, o.id as organization_id, o.slug,
       o.name as organization_name, o.time_zone, to_json(o.features) as features,
       coalesce((select json_agg(m.group_id) from group_members m where m.user_id = u.id), '[]') as groups,
       coalesce((select json_agg(r.permissions) from user_roles ur join roles r on r.id = ur.role_id
                 where ur.user_id = u.id), '[]') as roles
     from users u join organizations o on o.id = u.organization_id
     where lower(u.email) = lower(?) and u.disabled_at is null`,
    [email],
  );
  if (row === undefined) return null;
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    language: row.language,
    organization: {
      id: row.organization_id,
      slug: row.slug,
      name: row.organization_name,
      timeZone: row.time_zone,
      features: row.features,
    },
    groups: row.groups,
    roles: row.roles,
    actor: { kind: 'user', id: row.id, organizationId: row.organization_id },
  };
}

/** How far a permission of this user reaches. */
export function level(staff: Staff, permission: Permission): Level {
  return levelOf(staff.roles, permission);
}

/**
 * Refuses unless every permission is granted for an object that is the user's own, or is not.
 * @throws DomainError `permission-missing` naming each one that is missing, and whose it is
 */
export function requirePermissions(
  staff: Staff,
  permissions: readonly Permission[],
  own: boolean,
): void {
  const missing = permissions.filter((permission) => {
    const granted = level(staff, permission);
    return granted === 'none' || (granted === 'own' && !own);
  });
  if (missing.length === 0) return;
  const where = own ? '' : ' for objects that are not your own';
  throw new DomainError(
    'permission-missing',
    `You lack ${missing.join(', ')}${where}. An administrator of ${staff.organization.name} can grant it.`,
    { members: { missing } },
  );
}

/**
 * Refuses unless one of these permissions at least is granted for an object that is the user's own, or
 * is not.
 * @throws DomainError `permission-missing` naming them all
 */
export function requireOneOf(
  staff: Staff,
  permissions: readonly Permission[],
  own: boolean,
  object: 'case' | 'evidence',
): void {
  const levels = permissions.map((permission) => level(staff, permission));
  if (levels.includes('any') || (own && levels.includes('own'))) return;
  throw new DomainError(
    'permission-missing',
    `You need one of ${permissions.join(', ')} for this ${object}. An administrator of ${staff.organization.name} can grant it, and the ${object}'s owner can give you access.`,
    { members: { missing: permissions } },
  );
}

/** @throws DomainError `feature-missing`: only the operator of the installation switches features */
export function requireFeature(staff: Staff, feature: Feature): void {
  if (staff.organization.features.includes(feature)) return;
  throw new DomainError(
    'feature-missing',
    `The feature ${feature} is not switched on for ${staff.organization.name}. The operator of this installation can switch it on.`,
    { members: { missing: [feature], organization: staff.organization.slug } },
  );
}

/**
 * SQL over a case called `c`: a user owns it or is a member of it, by itself or through a group.
 * @param user SQL for the user's id
 * @param groups SQL for the ids of its groups, as an array
 */
export function ownCaseSql(user: string, groups: string): string {
  return `(c.owner_id = ${user} or exists (
    select 1 from case_members m where m.case_id = c.id and ${isNamed(user, groups)}))`;
}

/** SQL over evidence called `e`: a user owns it, is assigned or is on its access list, as above. */
export function ownEvidenceSql(user: string, groups: string): string {
  return `(e.owner_id = ${user} or e.assignee_id = ${user} or exists (
    select 1 from evidence_access m where m.evidence_id = e.id and ${isNamed(user, groups)}))`;
}

/** SQL over a row called `m` that names a user or a group: it is this user, or a group that it is in. */
function isNamed(user: string, groups: string): string {
  return `(
    (m.principal_type = 'user' and m.principal_id = ${user}) or
    (m.principal_type = 'group' and m.principal_id = any(${groups})))`;
}

/** The cases, named `c` in the query, that the user owns or is a member of, by itself or through a group. */
function ownCase(staff: Staff): Condition {
  return {
    sql: ownCaseSql('?', '?::uuid[]'),
    values: [staff.id, staff.id, uuids(staff.groups)],
  };
}

/** The rows, named `m` in the query, that name this user or a group that it is in. */
export function namedBy(staff: Staff): Condition {
  return { sql: isNamed('?', '?::uuid[]'), values: [staff.id, uuids(staff.groups)] };
}

/** The evidence, named `e` in the query, that the user owns, is assigned or is on the access list of. */
function evidenceOf(staff: Staff): Condition {
  return {
    sql: ownEvidenceSql('?', '?::uuid[]'),
    values: [staff.id, staff.id, staff.id, uuids(staff.groups)],
  };
}

/** Whether the user owns this case or is a member of it, by itself or through a group. */
export async function isOwnCase(em: EntityManager, staff: Staff, caseId: CaseId): Promise<boolean> {
  const own = ownCase(staff);
  const rows = await em.execute<unknown[]>(
    `select 1 from cases c where c.id = ? and c.organization_id = ? and ${own.sql}`,
    [caseId, staff.organization.id, ...own.values],
  );
  return rows.length > 0;
}

/**
 * Which of these pieces of evidence are the user's own: it owns them, is assigned, or is on the access
 * list. That they lie in a case of its own is not enough: whoever sees evidence could make it so.
 */
export async function ownEvidence(
  em: EntityManager,
  staff: Staff,
  evidenceIds: readonly EvidenceId[],
): Promise<ReadonlySet<EvidenceId>> {
  const own = evidenceOf(staff);
  const rows = await em.execute<{ id: EvidenceId }[]>(
    `select e.id from evidence e
     where e.id = any(?::uuid[]) and e.organization_id = ? and ${own.sql}`,
    [uuids(evidenceIds), staff.organization.id, ...own.values],
  );
  return new Set(rows.map((row) => row.id));
}

/** Whether evidence lies in a case of the user's own: then it may be seen as its own may. */
export async function liesInOwnCase(
  em: EntityManager,
  staff: Staff,
  evidenceId: EvidenceId,
): Promise<boolean> {
  const own = ownCase(staff);
  const rows = await em.execute<unknown[]>(
    `select 1 from case_evidence ce join cases c on c.id = ce.case_id
     where ce.evidence_id = ? and c.organization_id = ? and ${own.sql} limit 1`,
    [evidenceId, staff.organization.id, ...own.values],
  );
  return rows.length > 0;
}
