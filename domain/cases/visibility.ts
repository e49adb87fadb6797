/** Who may read a case: the rule, once for lists and for single cases. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../errors.ts';
import type { Level, Permission } from '../identity/permissions.ts';
import { isOwnCase, level, namedBy, requireOneOf, type Staff } from '../identity/staff.ts';
import type { CaseId } from '../ids.ts';
import type { Condition } from '../sql.ts';

/** Each of these lets its holder read the cases that it reaches. */
const READING = ['case.edit', 'evidence.view', 'audit.view'] as const satisfies Permission[];

/** How far a user reads: all cases of its organization, its own, or none. */
export function readingReach(staff: Staff): Level {
  const levels = READING.map((permission) => level(staff, permission));
  if (levels.includes('any')) return 'any';
  return levels.includes('own') ? 'own' : 'none';
}

/** All cases, named `c` in the query, of the user's organization. */
export function casesOfOrganization(staff: Staff): Condition {
  return { sql: 'c.organization_id = ?', values: [staff.organization.id] };
}

/**
 * The cases of the user's organization that it owns or is a member of, by itself or through a group, as
 * rows of `id` and `status`, each once. Indexes find them: the rule itself (`ownCase`) would be asked of
 * each case of the organization.
 */
export function ownCases(staff: Staff): Condition {
  const own = staff.organization.id;
  const named = namedBy(staff);
  return {
    sql: `select c.id, c.status from cases c where c.owner_id = ? and c.organization_id = ?
      union
      select c.id, c.status from case_members m join cases c on c.id = m.case_id
      where ${named.sql} and c.organization_id = ?`,
    values: [staff.id, own, ...named.values, own],
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
