/** The mails about a portal to those who run it (product rules, sections 5 and 6). */
import type { Act } from '../act.ts';
import type { User } from '../identity/user.entity.ts';
import { insertNotification, type NotificationKind } from '../notifications/insert.ts';
import { type MailContent, renderMail } from '../notifications/render.ts';
import type { PortalLetter } from './portal-letter.ts';
import { CREATED, type PortalNotice, RECEIVED } from './portal-texts.ts';

/** Tells the request owner that an external system has made a portal. */
export async function notifyPortalCreated(
  act: Act,
  letter: PortalLetter,
  now: Date,
): Promise<void> {
  const to = letter.owner;
  const content = CREATED[to.language](noticeOf(letter, to));
  await tell(act, letter, { kind: 'portal-created', to, content, sequence: 0, now });
}

/** Tells whoever takes care of it of what was handed in; `notice` counts such mails of the portal. */
export async function notifySubmission(
  act: Act,
  letter: PortalLetter,
  { notice, submissions }: { readonly notice: number; readonly submissions: number },
  now: Date,
): Promise<void> {
  const to = letter.portal.kind === 'incident_report' ? letter.evidenceOwner : letter.owner;
  const content = RECEIVED[to.language]({
    ...noticeOf(letter, to),
    submissions,
    pending: letter.pending,
    isPublic: letter.portal.kind === 'public',
  });
  await tell(act, letter, { kind: 'submission-received', to, content, sequence: notice, now });
}

function noticeOf(letter: PortalLetter, to: User): PortalNotice {
  const { title, reportId, description, categories } = letter;
  return {
    name: to.name,
    organization: letter.organization.name,
    title,
    reportId,
    description,
    categories,
  };
}

async function tell(
  act: Act,
  { portal }: PortalLetter,
  mail: {
    readonly kind: NotificationKind;
    readonly to: User;
    readonly content: MailContent;
    readonly sequence: number;
    readonly now: Date;
  },
): Promise<void> {
  if (mail.to.disabledAt != null) return;
  await insertNotification(act, {
    kind: mail.kind,
    organizationId: portal.organizationId,
    life: { kind: 'portal', entityId: portal.id },
    subjectId: portal.id,
    recipient: mail.to.email,
    sequence: mail.sequence,
    rendered: renderMail(mail.to.language, mail.content),
    now: mail.now,
  });
}
