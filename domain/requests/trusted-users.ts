import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { DomainError, notFound } from '../errors.ts';
import { level, requireFeature, requirePermissions, type Staff } from '../identity/staff.ts';
import type { Language } from '../identity/user.entity.ts';
import { newId, type TrustedUserId, type UploadRequestId } from '../ids.ts';
import type { LinkKeys } from '../link-token.ts';
import { flushUnique } from '../unique.ts';
import { closeLocked, lockRequest } from './close-request.ts';
import { TrustedUser } from './trusted-user.entity.ts';

/** What an administrator says of a trusted user. */
export interface NewTrustedUser {
  readonly email: string;
  readonly name: string | null;
  readonly language: Language;
}

/**
 * Adds an address that the organization may ask for evidence.
 * @throws DomainError `feature-missing`, `permission-missing`, `already-exists`
 */
export async function addTrustedUser(
  act: Act,
  staff: Staff,
  fields: NewTrustedUser,
): Promise<TrustedUser> {
  requireMayAdminister(staff);
  const added = act.em.create(TrustedUser, {
    ...fields,
    email: fields.email.toLowerCase(),
    id: newId<TrustedUserId>(),
    organizationId: staff.organization.id,
    addedBy: staff.id,
    addedAt: new Date(),
    removedAt: null,
  });
  await flushUnique(act.em, 'This address is a trusted user already.');
  act.audit({
    organizationId: staff.organization.id,
    action: 'trusted_user.added',
    objects: [added.id],
  });
  return added;
}

/**
 * Removes a trusted user.
 * @param options.closeRequests closes its open requests with it
 * @throws DomainError `in-use` while it has open requests that are not to be closed
 */
export async function removeTrustedUser(
  act: Act,
  staff: Staff,
  id: TrustedUserId,
  options: { readonly closeRequests: boolean; readonly keys: LinkKeys },
): Promise<void> {
  requirePermissions(staff, ['admin.trustedUpload'], false);
  const found = await act.em.findOne(
    TrustedUser,
    { id, organizationId: staff.organization.id, removedAt: null },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (found === null) throw notFound('trusted user');
  const open = await openRequests(act.em, id);
  if (open.length > 0 && !options.closeRequests) {
    throw new DomainError(
      'in-use',
      'It has open requests. Close them, or remove it with ?closeRequests=true.',
      { members: { uploadRequests: open } },
    );
  }
  for (const requestId of open) {
    const request = await lockRequest(act.em, staff, requestId);
    await closeLocked(act, staff, request, options.keys);
  }
  found.removedAt = new Date();
  act.audit({
    organizationId: staff.organization.id,
    action: 'trusted_user.removed',
    objects: [id, ...open],
    data: { closedRequests: open.length },
  });
}

/** @throws DomainError unless the user administers trusted users, or may send requests to them */
export function requireMayList(staff: Staff): void {
  requireFeature(staff, 'trustedUpload');
  if (level(staff, 'request.send') !== 'none') return;
  requirePermissions(staff, ['admin.trustedUpload'], false);
}

function requireMayAdminister(staff: Staff): void {
  requireFeature(staff, 'trustedUpload');
  requirePermissions(staff, ['admin.trustedUpload'], false);
}

/** In the order of their ids, in which they are locked. */
async function openRequests(em: EntityManager, id: TrustedUserId): Promise<UploadRequestId[]> {
  const rows = await em.execute<{ id: UploadRequestId }[]>(
    'select id from upload_requests where trusted_user_id = ? and closed_at is null order by id',
    [id],
  );
  return rows.map((row) => row.id);
}
