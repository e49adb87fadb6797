/** Who may read a case: the rule, once for lists and for single cases. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../errors.ts';
import type { Level, Permission } from '../identity/permissions.ts';
import { isOwnCase, level, ownCase, requireOneOf, type Staff } from '../identity/staff.ts';
import type { CaseId } from '../ids.ts';
import { allOf, type Condition, NO, uuids } from '../sql.ts';

/** Each of these lets its holder read the cases that it reaches. */
const READING = ['case.edit', 'evidence.view', 'audit.view'] as const satisfies Permission[];

/** How far a user reads: all cases of its organization, its own, or none. */
function reach(staff: Staff): Level {
  const levels = READING.map((permission) => level(staff, permission));
  if (levels.includes('any')) return 'any';
  return levels.includes('own') ? 'own' : 'none';
}

/** Whether a user may read all cases of its organization. */
export function readsEveryCase(staff: Staff): boolean {
  return reach(staff) === 'any';
}

/** The cases, named `c` in the query, that a user may read. */
export function readableCases(staff: Staff): Condition {
  const ofOrganization = { sql: 'c.organization_id = ?', values: [staff.organization.id] };
  switch (reach(staff)) {
    case 'any':
      return ofOrganization;
    case 'none':
      return NO;
    case 'own':
      return allOf(ofOrganization, namedIn(staff), ownCase(staff));
  }
}

/**
 * The few cases among which a user's own are, found by indexes: the rule itself would be asked of each
 * case of the organization.
 */
function namedIn(staff: Staff): Condition {
  return {
    sql: `c.id in (select o.id from cases o where o.owner_id = ?
      union all select m.case_id from case_members m where m.principal_id = any(?::uuid[]))`,
    values: [staff.id, uuids([staff.id, ...staff.groups])],
  };
}

/**
 * Refuses a case that the user may not read.
 * @throws DomainError `not-found` for a case of another organization, `permission-missing` otherwise
 */
export async function requireReadableCase(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
): Promise<void> {
  await requireCase(em, staff, caseId);
  requireOneOf(staff, READING, await isOwnCase(em, staff, caseId), 'case');
}

/** @throws DomainError `not-found`, also for a case of another organization */
export async function requireCase(em: EntityManager, staff: Staff, caseId: CaseId): Promise<void> {
  const rows = await em.execute<unknown[]>(
    'select 1 from cases where id = ? and organization_id = ?',
    [caseId, staff.organization.id],
  );
  if (rows.length === 0) throw notFound('case');
}
