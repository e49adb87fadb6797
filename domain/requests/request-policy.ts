/** Who may do what with upload requests. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { requireReadableCase } from '../cases/visibility.ts';
import { DomainError, notFound } from '../errors.ts';
import { lockOwn } from '../identity/lock-own.ts';
import { isOwnCase, requirePermissions, type Staff } from '../identity/staff.ts';
import type { UploadRequestId } from '../ids.ts';
import { UploadRequest } from './upload-request.entity.ts';

/**
 * A request of a case that the user may read.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requireRequest(
  em: EntityManager,
  staff: Staff,
  id: UploadRequestId,
): Promise<UploadRequest> {
  const found = await em.findOne(UploadRequest, { id, organizationId: staff.organization.id });
  if (found === null) throw notFound('upload request');
  await requireReadableCase(em, staff, found.caseId);
  return found;
}

/**
 * A request that its sender, or somebody who may send requests for its case, wants to change: under its
 * lock.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function lockOwnRequest(
  em: EntityManager,
  staff: Staff,
  id: UploadRequestId,
): Promise<UploadRequest> {
  const found = await lockOwn<UploadRequest>(em, UploadRequest, staff, id, 'upload request');
  const own = found.senderId === staff.id || (await isOwnCase(em, staff, found.caseId));
  requirePermissions(staff, ['request.send'], own);
  return found;
}

/** @throws DomainError `wrong-state` where the request is closed */
export function requireNotClosed(request: UploadRequest): void {
  if (request.closedAt == null) return;
  throw new DomainError('wrong-state', 'The request is closed. Make a new one (request-more).', {
    members: { state: 'closed' },
  });
}
