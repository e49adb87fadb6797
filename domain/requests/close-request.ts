import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { databaseNow } from '../clock.ts';
import type { Staff } from '../identity/staff.ts';
import type { UploadId, UploadRequestId } from '../ids.ts';
import type { LinkKeys } from '../link-token.ts';
import { insertLogLink, type RequestPlace } from './request-links.ts';
import { entryOfRequest, requestIntake, requestLife } from './request-place.ts';
import { lockOwnRequest } from './request-policy.ts';
import { UploadRequest } from './upload-request.entity.ts';

/**
 * Closes a request, under its lock, which completing an upload takes too: what was completed before is
 * kept and goes on being verified, everything else is refused and removed. One that is closed already
 * stays as it is.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function closeRequest(
  act: Act,
  staff: Staff,
  keys: LinkKeys,
  id: UploadRequestId,
): Promise<void> {
  const request = await lockOwnRequest(act.em, staff, id);
  await closeLocked(act, staff, request, keys);
}

/** Takes the lock of a request of the user's organization. */
export async function lockRequest(
  em: EntityManager,
  staff: Staff,
  id: UploadRequestId,
): Promise<UploadRequest> {
  return em.findOneOrFail(
    UploadRequest,
    { id, organizationId: staff.organization.id },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
}

/** Closes a request whose lock is held. */
export async function closeLocked(
  act: Act,
  staff: Staff,
  request: UploadRequest,
  keys: LinkKeys,
): Promise<void> {
  if (request.closedAt != null) return;
  const { em } = act;
  const now = await databaseNow(em);
  em.assign(request, { closedAt: now, closedBy: staff.id, updatedAt: now });
  await em.flush();
  await insertLogLink(em, keys, request.id, now);
  const { id: requestId, organizationId, caseId } = request;
  const place = { requestId, organizationId, caseId };
  act.wake(requestLife(place));
  act.audit({ ...entryOfRequest(place), action: 'request.closed' });
  await endUploads(act, place, now, 'request-closed');
}

/**
 * Ends every upload of a request that was not completed: what the store has of them is removed.
 * @param reason why, for the record
 */
export async function endUploads(
  act: Act,
  place: RequestPlace,
  now: Date,
  reason: 'request-closed' | 'too-late',
): Promise<void> {
  const ended = await act.em.execute<{ id: UploadId }[]>(
    `update uploads set state = 'aborted', settled_at = ?, tidy_at = ?
     where upload_request_id = ? and state = 'uploading' returning id`,
    [now, now, place.requestId],
  );
  if (ended.length === 0) return;
  act.wake(requestIntake(place));
  for (let first = 0; first < ended.length; first += UPLOADS_PER_EVENT) {
    const uploads = ended.slice(first, first + UPLOADS_PER_EVENT).map(({ id }) => id);
    act.audit({
      ...entryOfRequest(place, ...uploads),
      action: 'upload.aborted',
      outcome: 'refused',
      reason,
      data: { count: uploads.length },
    });
  }
}

/** Uploads that one audit event names. */
const UPLOADS_PER_EVENT = 500;
