/** Who may see a piece of evidence or do something with it. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../errors.ts';
import type { Permission } from '../identity/permissions.ts';
import { ownEvidence, requirePermissions, type Staff } from '../identity/staff.ts';
import type { EvidenceId } from '../ids.ts';
import { Evidence } from './evidence.entity.ts';

/**
 * Evidence that the user has this permission for.
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
  const own = await ownEvidence(em, staff, [evidenceId]);
  requirePermissions(staff, [permission], own.has(evidenceId));
  return found;
}
