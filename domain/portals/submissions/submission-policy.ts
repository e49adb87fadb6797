/** Who may see submissions and decide about them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../../errors.ts';
import { requirePermissions, type Staff } from '../../identity/staff.ts';
import type { InviteId, OrganizationId, PortalId, SubmissionId } from '../../ids.ts';
import { Portal } from '../portal.entity.ts';
import { isOwnPortal } from '../portal-policy.ts';

/** A submission whose lock is held. */
export interface LockedSubmission {
  readonly id: SubmissionId;
  readonly organizationId: OrganizationId;
  readonly inviteId: InviteId;
  readonly portal: Portal;
}

interface Row {
  readonly organization_id: OrganizationId;
  readonly portal_id: PortalId;
  readonly invite_id: InviteId;
}

/**
 * Refuses a submission whose portal the user may not see.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requireSubmission(
  em: EntityManager,
  staff: Staff,
  id: SubmissionId,
): Promise<void> {
  const { portal } = await find(em, staff, id, '');
  requirePermissions(staff, ['portal.view'], isOwnPortal(staff, portal));
}

/**
 * Locks a submission that the user may decide about.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function lockSubmission(
  em: EntityManager,
  staff: Staff,
  id: SubmissionId,
): Promise<LockedSubmission> {
  const found = await find(em, staff, id, 'for no key update');
  requirePermissions(staff, ['portal.view', 'evidence.triage'], isOwnPortal(staff, found.portal));
  return found;
}

async function find(
  em: EntityManager,
  staff: Staff,
  id: SubmissionId,
  lock: '' | 'for no key update',
): Promise<LockedSubmission> {
  const [row] = await em.execute<Row[]>(
    `select organization_id, portal_id, invite_id from submissions
     where id = ? and organization_id = ? ${lock}`,
    [id, staff.organization.id],
  );
  if (row === undefined) throw notFound('submission');
  const portal = await em.findOneOrFail(Portal, { id: row.portal_id });
  return { id, organizationId: row.organization_id, inviteId: row.invite_id, portal };
}
