import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { Case } from '../cases/case.entity.ts';
import { requireReadableCase } from '../cases/visibility.ts';
import { databaseNow, daysAfter } from '../clock.ts';
import { type Fault, invalid } from '../errors.ts';
import { isOwnCase, requireFeature, requirePermissions, type Staff } from '../identity/staff.ts';
import { type CaseId, newId, type TrustedUserId, type UploadRequestId } from '../ids.ts';
import type { LinkKeys } from '../link-token.ts';
import { insertRequestLink } from './request-links.ts';
import { entryOfRequest, requestLife } from './request-place.ts';
import { requireRequest } from './request-policy.ts';
import { LINK_DAYS } from './request-state.ts';
import { TrustedUser } from './trusted-user.entity.ts';
import { type RequestField, UploadRequest } from './upload-request.entity.ts';

/** What the sender of a request chooses. */
export interface RequestChoice {
  readonly trustedUserId: TrustedUserId;
  /** What of the case its mail tells. */
  readonly fields: readonly RequestField[];
  readonly note: string | null;
}

/**
 * Asks a trusted user for evidence of a case. The invitation is mailed by the request's life.
 * @throws DomainError for a missing permission or feature, and `validation-failed` with every fault:
 *   a trusted user that is not there, a chosen field that the case does not have
 */
export async function createRequest(
  act: Act,
  staff: Staff,
  keys: LinkKeys,
  caseId: CaseId,
  choice: RequestChoice,
): Promise<UploadRequest> {
  return insertRequest(act, staff, keys, caseId, { ...choice, earlierRequestId: null });
}

/**
 * Asks the trusted user of a request for more, by a new request that points to that one.
 * @throws DomainError `not-found`, and as `createRequest` does
 */
export async function requestMore(
  act: Act,
  staff: Staff,
  keys: LinkKeys,
  earlierId: UploadRequestId,
  choice: Omit<RequestChoice, 'trustedUserId'>,
): Promise<UploadRequest> {
  const earlier = await requireRequest(act.em, staff, earlierId);
  return insertRequest(act, staff, keys, earlier.caseId, {
    ...choice,
    trustedUserId: earlier.trustedUserId,
    earlierRequestId: earlier.id,
  });
}

async function insertRequest(
  act: Act,
  staff: Staff,
  keys: LinkKeys,
  caseId: CaseId,
  choice: RequestChoice & { readonly earlierRequestId: UploadRequestId | null },
): Promise<UploadRequest> {
  const { em } = act;
  requireFeature(staff, 'trustedUpload');
  await requireReadableCase(em, staff, caseId);
  requirePermissions(staff, ['request.send'], await isOwnCase(em, staff, caseId));
  const asked = await em.findOneOrFail(Case, caseId);
  const faults = [
    ...(await trustedUserFaults(em, staff, choice.trustedUserId)),
    ...fieldFaults(asked, choice.fields),
  ];
  if (faults.length > 0) throw invalid(...faults);
  const now = await databaseNow(em);
  const request = em.create(UploadRequest, {
    ...choice,
    id: newId<UploadRequestId>(),
    organizationId: staff.organization.id,
    caseId,
    senderId: staff.id,
    fields: [...new Set(choice.fields)],
    linkGeneration: 1,
    expiresAt: daysAfter(now, LINK_DAYS),
    sending: 1,
    createdAt: now,
    updatedAt: now,
  });
  await em.flush();
  await insertRequestLink(em, keys, { requestId: request.id, generation: 1, at: now });
  await em.execute('insert into upload_request_progress (request_id) values (?)', [request.id]);
  const place = { requestId: request.id, organizationId: request.organizationId, caseId };
  act.wake(requestLife(place));
  const { earlierRequestId, trustedUserId } = choice;
  act.audit({
    ...entryOfRequest(place, ...(earlierRequestId === null ? [] : [earlierRequestId])),
    action: 'request.created',
    data: { trustedUser: trustedUserId, fields: request.fields, earlierRequestId },
  });
  return request;
}

/** The lock holds off a removal, which would have to close the request too. */
async function trustedUserFaults(
  em: EntityManager,
  staff: Staff,
  id: TrustedUserId,
): Promise<Fault[]> {
  const found = await em.findOne(
    TrustedUser,
    { id, organizationId: staff.organization.id, removedAt: null },
    { lockMode: LockMode.PESSIMISTIC_READ },
  );
  if (found !== null) return [];
  const detail = `There is no such trusted user of ${staff.organization.name}.`;
  return [{ pointer: '/trustedUserId', detail }];
}

const FIELD_NAMES: Readonly<Record<RequestField, string>> = {
  police_number: 'police number',
  accused: 'accused',
  court_number: 'court number',
};

/** A mail cannot tell what the case does not say. */
function fieldFaults(asked: Case, fields: readonly RequestField[]): Fault[] {
  return fields.flatMap((field, index) =>
    valueOf(asked, field) === null
      ? [
          {
            pointer: `/fields/${index}`,
            detail: `The case has no ${FIELD_NAMES[field]}. Enter it in the case, or leave it out.`,
          },
        ]
      : [],
  );
}

/** What a case says in a field that requests may tell; null where it says nothing. */
export function valueOf(
  asked: Pick<Case, 'policeNumber' | 'accused' | 'courtNumber'>,
  field: RequestField,
): string | null {
  const values = {
    police_number: asked.policeNumber,
    accused: asked.accused,
    court_number: asked.courtNumber,
  };
  return values[field] || null;
}
