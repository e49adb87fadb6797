/** Who may read a case: the rule, once for lists and for single cases. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../errors.ts';
import type { Level, Permission } from '../identity/permissions.ts';
import { isOwnCase, level, requireOneOf, type Staff } from '../identity/staff.ts';
import type { CaseId } from '../ids.ts';

/** Each of these lets its holder read the cases that it reaches. */
const READING = ['case.edit', 'evidence.view', 'audit.view'] as const satisfies Permission[];

/** How far a user reads: all cases of its organization, its own, or none. */
function reach(staff: Staff): Level {
  const levels = READING.map((permission) => level(staff, permission));
  if (levels.includes('any')) return 'any';
  return levels.includes('own') ? 'own' : 'none';
}

/** A piece of SQL with the values of its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The cases, named `c` in the query, that a user may read. */
export function readableCases(staff: Staff): Condition {
  const ofOrganization = { sql: 'c.organization_id = ?', values: [staff.organization.id] };
  switch (reach(staff)) {
    case 'any':
      return ofOrganization;
    case 'none':
      return { sql: 'false', values: [] };
    case 'own':
      return {
        sql: `${ofOrganization.sql} and (c.owner_id = ? or exists (
          select 1 from case_members m where m.case_id = c.id and (
            (m.principal_type = 'user' and m.principal_id = ?) or
            (m.principal_type = 'group' and m.principal_id = any(?::uuid[])))))`,
        values: [...ofOrganization.values, staff.id, staff.id, `{${staff.groups.join(',')}}`],
      };
  }
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
