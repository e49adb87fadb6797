import type { EntityManager } from '@mikro-orm/postgresql';
import { requireCase } from '../../cases/visibility.ts';
import { isOwnCase, requirePermissions, type Staff } from '../../identity/staff.ts';
import type { CaseId } from '../../ids.ts';

/**
 * Refuses unless the user may add a file of its own to this case.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function requireMayAdd(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId | null,
): Promise<void> {
  // Whoever sends a file becomes its owner, so `own` is enough for the evidence itself.
  if (caseId === null) return requirePermissions(staff, ['evidence.edit'], true);
  await requireCase(em, staff, caseId);
  requirePermissions(staff, ['evidence.edit'], true);
  requirePermissions(staff, ['case.edit'], await isOwnCase(em, staff, caseId));
}
