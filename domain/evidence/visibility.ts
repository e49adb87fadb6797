/** Who may see a piece of evidence or do something with it. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ownCases } from '../cases/visibility.ts';
import { DomainError, notFound } from '../errors.ts';
import type { Permission } from '../identity/permissions.ts';
import {
  level,
  liesInOwnCase,
  ownEvidence,
  requireOneOf,
  requirePermissions,
  type Staff,
} from '../identity/staff.ts';
import type { EvidenceId } from '../ids.ts';
import { allOf, type Condition, NO, uuids } from '../sql.ts';
import { Evidence } from './evidence.entity.ts';

/**
 * Evidence that the user has this permission for. To see it, it is enough that it lies in a case of the
 * user's own; for anything more it must be the user's own itself.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requireEvidence(
  em: EntityManager,
  staff: Staff,
  evidenceId: EvidenceId,
  permission: Permission,
  options: { readonly lock?: boolean } = {},
): Promise<Evidence> {
  const found = await em.findOne(
    Evidence,
    { id: evidenceId, organizationId: staff.organization.id, state: { $ne: 'destroyed' } },
    options.lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {},
  );
  if (found === null) throw notFound('evidence');
  const own =
    (await isOwn(em, staff, evidenceId)) ||
    (permission === 'evidence.view' && (await liesInOwnCase(em, staff, evidenceId)));
  requirePermissions(staff, [permission], own);
  return found;
}

/** The evidence, named `e` in the query, that the user may view: as `requireEvidence` has it, for lists. */
export function visibleEvidence(staff: Staff): Condition {
  const ofOrganization = { sql: 'e.organization_id = ?', values: [staff.organization.id] };
  const reach = level(staff, 'evidence.view');
  switch (reach) {
    case 'any':
      return ofOrganization;
    case 'own': {
      const cases = ownCases(staff);
      const principals = uuids([staff.id, ...staff.groups]);
      return allOf(ofOrganization, {
        sql: `e.id in (select id from evidence where owner_id = ?
          union all select id from evidence where assignee_id = ?
          union all select evidence_id from evidence_access where principal_id = any(?::uuid[])
          union all select ce.evidence_id from case_evidence ce join (${cases.sql}) o on o.id = ce.case_id)`,
        values: [staff.id, staff.id, principals, ...cases.values],
      });
    }
    case 'none':
      return NO;
    default:
      return reach satisfies never;
  }
}

/** Each of these lets its holder give evidence to the people of another case. */
const GIVING = ['evidence.edit', 'evidence.share'] as const satisfies Permission[];

/**
 * Evidence that the user may put into a case: all members of the case see it from then on, so that it
 * takes more than seeing it oneself. It is locked, so that it is not deleted while it is put there.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requireGivableEvidence(
  em: EntityManager,
  staff: Staff,
  evidenceId: EvidenceId,
): Promise<Evidence> {
  const found = await requireEvidence(em, staff, evidenceId, 'evidence.view', { lock: true });
  requireOneOf(staff, GIVING, await isOwn(em, staff, evidenceId), 'evidence');
  return found;
}

/**
 * Evidence that is being verified stays as it is: it is gone, and all that was added to it, where its
 * bytes prove wrong or the case has them already.
 * @throws DomainError `wrong-state`
 */
export function requireVerified(evidence: Evidence): void {
  if (evidence.state !== 'verifying') return;
  throw new DomainError(
    'wrong-state',
    'This evidence is still being verified. Wait until that is done.',
    { members: { state: evidence.state } },
  );
}

async function isOwn(em: EntityManager, staff: Staff, evidenceId: EvidenceId): Promise<boolean> {
  return (await ownEvidence(em, staff, [evidenceId])).has(evidenceId);
}
