import type { Act } from '../act.ts';
import { type NotificationId, newId, type OrganizationId } from '../ids.ts';
import { type LifeKind, workflowIdOf } from '../lifecycle/life.ts';
import type { NotificationChannel } from './notification.entity.ts';
import type { RenderedMail } from './render.ts';
import type { MailSecret } from './secrets.ts';

/** Kinds of mail, as product rules, section 6 names them; `repeats` where sending twice is the lesser evil. */
const NOTIFICATION_KINDS = {
  'share-invitation': { repeats: true },
  'share-updated': { repeats: true },
  'share-expiring': { repeats: false },
  'share-revoked': { repeats: true },
  'share-failed': { repeats: true },
  'link-first-download': { repeats: false },
  'share-damaged': { repeats: true },
  'sign-in-code': { repeats: true },
  'upload-request': { repeats: true },
  'upload-reminder': { repeats: false },
  'upload-received': { repeats: false },
  'request-closed': { repeats: true },
  'activity-log': { repeats: true },
  'api-client-changed': { repeats: true },
  'portal-created': { repeats: true },
  'submission-received': { repeats: false },
  invite: { repeats: true },
  'invite-reminder': { repeats: false },
  'deletion-notice': { repeats: true },
} as const satisfies Record<string, { repeats: boolean }>;
export type NotificationKind = keyof typeof NOTIFICATION_KINDS;

/**
 * Puts a mail into the hands of a life, in the transaction of what it tells. One row and one
 * Message-ID for each kind, subject, recipient and sequence: asking again does nothing.
 * The life must be woken, unless this is one of its own steps.
 */
export async function insertNotification(
  act: Act,
  mail: {
    readonly kind: NotificationKind;
    /** How it gets there; by mail where not given. */
    readonly channel?: NotificationChannel;
    readonly organizationId: OrganizationId;
    readonly life: { readonly kind: LifeKind; readonly entityId: string };
    readonly subjectId: string;
    /** An address, or what stands for one that is looked up when it is sent. */
    readonly recipient: string;
    readonly sequence: number;
    readonly rendered: RenderedMail;
    /** The name beside our own address; the installation's where not given. */
    readonly fromName?: string;
    /** Where answers go to. */
    readonly replyTo?: string;
    /** What stands in the mail for a placeholder when it is sent. */
    readonly secret?: MailSecret;
    readonly now: Date;
  },
): Promise<void> {
  const id = newId<NotificationId>();
  await act.em.execute(
    `insert into notifications (id, organization_id, workflow_id, kind, subject_id, recipient, sequence,
       repeatable, subject, text, html, from_name, reply_to, secret, message_id, state, next_attempt_at,
       created_at, channel)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)
     on conflict (kind, subject_id, recipient, sequence) do nothing`,
    [
      id,
      mail.organizationId,
      workflowIdOf(mail.life.kind, mail.life.entityId),
      mail.kind,
      mail.subjectId,
      mail.recipient,
      mail.sequence,
      NOTIFICATION_KINDS[mail.kind].repeats,
      mail.rendered.subject,
      mail.rendered.text,
      mail.rendered.html,
      mail.fromName ?? null,
      mail.replyTo ?? null,
      mail.secret === undefined ? null : JSON.stringify(mail.secret),
      `n-${id}`,
      mail.now,
      mail.now,
      mail.channel ?? 'email',
    ],
  );
}
