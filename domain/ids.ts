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
export type DownloadSessionId = Id<'DownloadSession'>;
export type ContentSessionId = Id<'ContentSession'>;
export type NotificationId = Id<'Notification'>;
export type AuditEventId = Id<'AuditEvent'>;

/** A new id: unguessable enough to name things, never enough to open them. */
export function newId<T extends Id<string>>(): T {
  return v7() as T;
}
