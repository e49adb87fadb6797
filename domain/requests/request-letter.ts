import type { EntityManager } from '@mikro-orm/postgresql';
import { Case } from '../cases/case.entity.ts';
import { Organization } from '../identity/organization.entity.ts';
import { User } from '../identity/user.entity.ts';
import type { ActivityLogLinkId, UploadRequestId } from '../ids.ts';
import { valueOf } from './create-request.ts';
import { TrustedUser } from './trusted-user.entity.ts';
import { type RequestField, UploadRequest } from './upload-request.entity.ts';

/** What the mails about a request are written from. */
export interface RequestLetter {
  readonly request: UploadRequest;
  readonly organization: Organization;
  readonly sender: User;
  readonly trustedUser: TrustedUser;
  readonly case: Case;
  /** What of the case the request tells, as it is now. */
  readonly fields: readonly { readonly field: RequestField; readonly value: string }[];
  /** The newest link to the activity log; null before the request is closed. */
  readonly logLinkId: ActivityLogLinkId | null;
}

/** Reads all that a mail about a request may say. */
export async function readLetter(
  em: EntityManager,
  requestId: UploadRequestId,
): Promise<RequestLetter> {
  const request = await em.findOneOrFail(UploadRequest, { id: requestId }, { refresh: true });
  const about = await em.findOneOrFail(Case, request.caseId);
  const [log] = await em.execute<{ id: ActivityLogLinkId }[]>(
    'select id from activity_log_links where request_id = ? order by id desc limit 1',
    [requestId],
  );
  return {
    request,
    organization: await em.findOneOrFail(Organization, request.organizationId),
    sender: await em.findOneOrFail(User, request.senderId),
    trustedUser: await em.findOneOrFail(TrustedUser, request.trustedUserId),
    case: about,
    fields: chosenFields(about, request.fields),
    logLinkId: log?.id ?? null,
  };
}

/** The chosen fields that the case has, with what it says in them. */
export function chosenFields(
  about: Pick<Case, 'policeNumber' | 'accused' | 'courtNumber'>,
  fields: readonly RequestField[],
): RequestLetter['fields'] {
  return fields.flatMap((field) => {
    const value = valueOf(about, field);
    return value === null ? [] : [{ field, value }];
  });
}
