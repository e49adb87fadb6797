/** Who may see a piece of evidence or do something with it. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, notFound } from '../errors.ts';
import type { Permission } from '../identity/permissions.ts';
import {
  liesInOwnCase,
  ownEvidence,
  requireOneOf,
  requirePermissions,
  type Staff,
} from '../identity/staff.ts';
import type { EvidenceId } from '../ids.ts';
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

/** Each of these lets its holder give evidence to the people of another case. */
const GIVING = ['evidence.edit', 'evidence.share'] as const satisfies Permission[];

/**
 * Evidence that the user may put into a case: all members of the case see it from then on, so that it
 * takes more than seeing it oneself.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requireGivableEvidence(
  em: EntityManager,
  staff: Staff,
  evidenceId: EvidenceId,
): Promise<Evidence> {
  const found = await requireEvidence(em, staff, evidenceId, 'evidence.view');
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
