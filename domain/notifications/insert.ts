import type { Act } from '../act.ts';
import { type NotificationId, newId, type OrganizationId } from '../ids.ts';
import { type LifeKind, workflowIdOf } from '../lifecycle/life.ts';
import type { RenderedMail } from './render.ts';

/** Kinds of mail, as `RULES.md` section 6 names them; `repeats` where sending twice is the lesser evil. */
export const NOTIFICATION_KINDS = {
  'share-expiring': { repeats: false },
  'share-failed': { repeats: true },
  'link-first-download': { repeats: false },
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
    readonly organizationId: OrganizationId;
    readonly life: { readonly kind: LifeKind; readonly entityId: string };
    readonly subjectId: string;
    readonly recipient: string;
    readonly sequence: number;
    readonly rendered: RenderedMail;
    readonly now: Date;
  },
): Promise<void> {
  const id = newId<NotificationId>();
  await act.em.execute(
    `insert into notifications (id, organization_id, workflow_id, kind, subject_id, recipient, sequence,
       repeatable, subject, text, html, message_id, state, next_attempt_at, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)
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
      `n-${id}`,
      mail.now,
      mail.now,
    ],
  );
}
