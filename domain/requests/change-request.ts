import type { Act } from '../act.ts';
import { databaseNow, daysAfter } from '../clock.ts';
import { invalid } from '../errors.ts';
import { Organization } from '../identity/organization.entity.ts';
import { requireFeature, type Staff } from '../identity/staff.ts';
import type { UploadRequestId } from '../ids.ts';
import type { LinkKeys } from '../link-token.ts';
import { renewLink } from './refresh-request.ts';
import { entryOfRequest, requestLife } from './request-place.ts';
import { lockOwnRequest, requireNotClosed } from './request-policy.ts';
import type { UploadRequest } from './upload-request.entity.ts';

/**
 * Extends a request: its link lives so many days from now, also one that had expired.
 * @param check is called with the request's version before anything changes
 * @throws DomainError `wrong-state` where it is closed; `validation-failed` beyond the organization's
 *   maximum for links
 */
export async function extendRequest(
  act: Act,
  staff: Staff,
  id: UploadRequestId,
  durationDays: number,
  check: (version: number) => void,
): Promise<UploadRequest> {
  requireFeature(staff, 'trustedUpload');
  const request = await lockOwnRequest(act.em, staff, id);
  check(request.version);
  requireNotClosed(request);
  const { maximumLinkDays } = await act.em.findOneOrFail(Organization, staff.organization.id);
  if (durationDays > maximumLinkDays) {
    const detail = `At most ${maximumLinkDays} days in ${staff.organization.name}.`;
    throw invalid({ pointer: '/durationDays', detail });
  }
  const now = await databaseNow(act.em);
  act.em.assign(request, { expiresAt: daysAfter(now, durationDays), updatedAt: now });
  const place = placeOf(request);
  act.wake(requestLife(place));
  act.audit({ ...entryOfRequest(place), action: 'request.extended', data: { durationDays } });
  return request;
}

/**
 * Sends a request's invitation again, with the link that works now: the same one while it lives, else a
 * new one. The reminders begin anew.
 * @throws DomainError `wrong-state` where it is closed
 */
export async function resendRequest(
  act: Act,
  staff: Staff,
  keys: LinkKeys,
  id: UploadRequestId,
): Promise<UploadRequest> {
  requireFeature(staff, 'trustedUpload');
  const request = await lockOwnRequest(act.em, staff, id);
  requireNotClosed(request);
  await renewLink(act, keys, request, await databaseNow(act.em));
  act.audit({
    ...entryOfRequest(placeOf(request)),
    action: 'request.resent',
    data: { generation: request.linkGeneration },
  });
  return request;
}

function placeOf({ id: requestId, organizationId, caseId }: UploadRequest) {
  return { requestId, organizationId, caseId };
}
