/** Branded ids: UUIDs (version 7) that cannot be mistaken for one another. */
import { v7 } from 'uuid';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type OrganizationId = Id<'Organization'>;
export type UserId = Id<'User'>;
export type GroupId = Id<'Group'>;
export type RoleId = Id<'Role'>;
export type PartnerId = Id<'Partner'>;
export type CaseId = Id<'Case'>;
export type EvidenceId = Id<'Evidence'>;
export type UploadId = Id<'Upload'>;
export type CategoryId = Id<'Category'>;
export type ShareId = Id<'Share'>;
export type CopyDeliveryId = Id<'CopyDelivery'>;
export type DownloadSessionId = Id<'DownloadSession'>;
export type ContentSessionId = Id<'ContentSession'>;
export type AccessLinkId = Id<'AccessLink'>;
export type SignInAttemptId = Id<'SignInAttempt'>;
export type UserSessionId = Id<'UserSession'>;
export type TrustedUserId = Id<'TrustedUser'>;
export type UploadRequestId = Id<'UploadRequest'>;
export type RequestSessionId = Id<'RequestSession'>;
export type ActivityLogLinkId = Id<'ActivityLogLink'>;
export type PortalId = Id<'Portal'>;
export type InviteId = Id<'Invite'>;
export type InviteSessionId = Id<'InviteSession'>;
export type SubmissionId = Id<'Submission'>;
export type ApiClientId = Id<'ApiClient'>;
export type ApiClientSecretId = Id<'ApiClientSecret'>;
export type NotificationId = Id<'Notification'>;
export type AuditEventId = Id<'AuditEvent'>;

/** How an id is written. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A new id: unguessable enough to name things, never enough to open them. */
export function newId<T extends Id<string>>(): T {
  return v7() as T;
}
