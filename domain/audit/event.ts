import type { AuditEventId, OrganizationId } from '../ids.ts';

/** Who acted. Names and addresses are looked up when an event is shown; an event holds ids only. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly organizationId: OrganizationId }
  /** Whoever holds a link: known by the session that the exchange of the token opened. */
  | { readonly kind: 'link_session'; readonly id: string; readonly organizationId: OrganizationId }
  /** An external system, by its API client. */
  | { readonly kind: 'api_client'; readonly id: string; readonly organizationId: OrganizationId }
  /** A lifecycle, by its workflow id. */
  | { readonly kind: 'lifecycle'; readonly id: string }
  /** The operator of the installation, at its command line. */
  | { readonly kind: 'operator'; readonly id: null };

/** How the streaming of bytes to somebody ended (product rules, section 8). */
export type DownloadOutcome = 'complete' | 'abandoned' | 'cut' | 'failed';

/**
 * Why bytes were cut off while they went: what was granted ended in a way of its own, whoever had it
 * may not have it any longer, or PostgreSQL could not be asked for too long.
 */
export type CutCause =
  | 'expired'
  | 'revoked'
  | 'used_up'
  | 'failed'
  | 'not_permitted'
  /** It was marked as sensitive, and whoever looks has not accepted to see that. */
  | 'not_accepted'
  | 'unavailable';

/** Everything that is recorded (product rules, section 8). */
export type AuditAction =
  | 'organization.created'
  | 'organization.changed'
  | 'user.created'
  | 'user.changed'
  | 'user.disabled'
  | 'user.signed_in'
  | 'user.signed_out'
  | 'user.sign_in_refused'
  | 'group.created'
  | 'group.changed'
  | 'group.deleted'
  | 'role.created'
  | 'role.changed'
  | 'role.deleted'
  | 'category.created'
  | 'category.changed'
  | 'category.deleted'
  | 'partner.invited'
  | 'partner.accepted'
  | 'partner.changed'
  | 'partner.ended'
  | 'case.created'
  | 'case.changed'
  | 'case.evidence_added'
  | 'case.evidence_removed'
  | 'case.evidence_seen'
  | 'evidence.uploaded'
  | 'evidence.verified'
  | 'evidence.duplicate'
  | 'evidence.rejected'
  | 'evidence.quarantined'
  | 'evidence.released'
  | 'evidence.changed'
  | 'evidence.held'
  | 'evidence.hold_lifted'
  | 'evidence.queued_for_deletion'
  | 'evidence.restored'
  | 'evidence.destruction_decided'
  | 'evidence.destroyed'
  | 'evidence.noted'
  | 'evidence.marked'
  | 'evidence.download_began'
  | 'evidence.download_ended'
  | 'evidence.warning_accepted'
  | 'evidence.preview_began'
  | 'evidence.preview_ended'
  | 'evidence.attachment_opened'
  | 'upload.begun'
  | 'upload.aborted'
  | 'upload.abandoned'
  /** Parts that no row knew of, removed by reconciliation. */
  | 'upload.discarded'
  | 'case.received'
  | 'evidence.copied'
  | 'evidence.received'
  | 'share.created'
  | 'share.activated'
  | 'share.failed'
  | 'share.update_requested'
  | 'share.delivered'
  | 'share.cancelled'
  | 'share.extended'
  | 'share.changed'
  | 'share.revoked'
  | 'share.expired'
  | 'share.opened'
  | 'share.download_began'
  | 'share.download_ended'
  | 'share.damaged'
  | 'share.refused'
  | 'trusted_user.added'
  | 'trusted_user.removed'
  | 'request.created'
  | 'request.invited'
  | 'request.reminded'
  | 'request.resent'
  | 'request.refreshed'
  | 'request.extended'
  | 'request.opened'
  | 'request.expired'
  | 'request.closed'
  | 'request.refused'
  | 'request.log_asked'
  | 'request.log_opened'
  | 'settings.changed'
  | 'api_client.created'
  | 'api_client.changed'
  | 'api_client.secret_added'
  | 'api_client.secret_removed'
  | 'api_client.deleted'
  | 'api_client.token_issued'
  | 'api_client.refused'
  | 'portal.created'
  | 'portal.changed'
  | 'portal.closed'
  | 'portal.expired'
  | 'portal.seen'
  | 'invite.created'
  | 'invite.sent'
  | 'invite.reminded'
  | 'invite.resent'
  | 'invite.opened'
  | 'invite.expired'
  | 'invite.discarded'
  | 'invite.refused'
  | 'invite.contact_changed'
  | 'invite.contact_erased'
  | 'submission.received'
  | 'submission.file_accepted'
  | 'submission.file_declined'
  | 'submission.exported'
  | 'audit.exported'
  | 'access.refused';

/** What a command says of itself; sequence, time and hashes are added when it is written. */
export interface AuditEntry {
  readonly organizationId: OrganizationId;
  readonly action: AuditAction;
  /** The id of every case, evidence, share … that the event is about: it is found under each. */
  readonly objects: readonly string[];
  readonly onBehalfOf?: string;
  readonly outcome?: 'done' | 'refused' | 'failed';
  readonly reason?: string;
  /** True for events on evidence that is classed confidential. */
  readonly confidential?: boolean;
  /** Facts without personal data: fields that changed, counts, sizes, hashes. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** An event as its bytes say it; the text of exactly this object is what was hashed. */
export interface AuditEvent {
  readonly sequence: number;
  readonly id: AuditEventId;
  readonly at: string;
  readonly organizationId: OrganizationId;
  readonly actor: Actor;
  readonly onBehalfOf: string | null;
  readonly action: AuditAction;
  readonly objects: readonly string[];
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly reason: string | null;
  readonly confidential: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** Hash of the event before, in hex. */
  readonly previous: string;
}

/** Where a request came from: personal data, kept apart from the chain so that it can be erased. */
export interface Source {
  readonly address: string | null;
  readonly userAgent: string | null;
}
