/** The mails about an upload request (product rules, sections 4 and 6), in their readers' languages. */
import type { Act } from '../act.ts';
import { insertNotification, type NotificationKind } from '../notifications/insert.ts';
import { formatInstant, type MailContent, renderMail } from '../notifications/render.ts';
import { type MailSecret, secretPlaceholder } from '../notifications/secrets.ts';
import type { RequestLetter } from './request-letter.ts';
import { CLOSED, INVITED, LOG, RECEIVED, REMINDED, type RequestNotice } from './request-texts.ts';

/** Reminders of one sending: their numbers follow its own. */
const REMINDERS_PER_SENDING = 10;

/** Which sending a reminder's number belongs to. */
export function sendingOf(reminderSequence: number): number {
  return Math.floor(reminderSequence / REMINDERS_PER_SENDING);
}

/** Invites the trusted user, with the link that works now. */
export async function notifyInvited(act: Act, letter: RequestLetter, now: Date): Promise<void> {
  await tellTrustedUser(act, letter, {
    kind: 'upload-request',
    content: INVITED[letter.trustedUser.language],
    link: 'upload',
    sequence: letter.request.sending,
    now,
  });
}

/** Reminds the trusted user; `index` is the reminder's among those of this sending. */
export async function notifyReminded(
  act: Act,
  letter: RequestLetter,
  index: number,
  now: Date,
): Promise<void> {
  await tellTrustedUser(act, letter, {
    kind: 'upload-reminder',
    content: REMINDED[letter.trustedUser.language],
    link: 'upload',
    sequence: letter.request.sending * REMINDERS_PER_SENDING + index,
    now,
  });
}

/** Tells the trusted user that the request is closed, with a link to the activity log. */
export async function notifyClosed(act: Act, letter: RequestLetter, now: Date): Promise<void> {
  await tellTrustedUser(act, letter, {
    kind: 'request-closed',
    content: CLOSED[letter.trustedUser.language],
    link: 'log',
    sequence: 0,
    now,
  });
}

/** Mails the link to the activity log that was asked for. */
export async function notifyLog(
  act: Act,
  letter: RequestLetter,
  sequence: number,
  now: Date,
): Promise<void> {
  await tellTrustedUser(act, letter, {
    kind: 'activity-log',
    content: LOG[letter.trustedUser.language],
    link: 'log',
    sequence,
    now,
  });
}

/** Tells the request's sender of files that were verified. */
export async function notifyReceived(
  act: Act,
  letter: RequestLetter,
  { notice, files }: { readonly notice: number; readonly files: number },
  now: Date,
): Promise<void> {
  const { sender, request, trustedUser } = letter;
  if (sender.disabledAt != null) return;
  const content = RECEIVED[sender.language]({
    name: sender.name,
    from: trustedUser.name ?? trustedUser.email,
    caseNumber: letter.case.caseNumber,
    title: letter.case.title,
    files,
  });
  await insertNotification(act, {
    ...addressed(letter),
    kind: 'upload-received',
    subjectId: request.id,
    recipient: sender.email,
    sequence: notice,
    rendered: renderMail(sender.language, content),
    now,
  });
}

async function tellTrustedUser(
  act: Act,
  letter: RequestLetter,
  mail: {
    readonly kind: NotificationKind;
    readonly content: (notice: RequestNotice) => MailContent;
    readonly link: 'upload' | 'log';
    readonly sequence: number;
    readonly now: Date;
  },
): Promise<void> {
  const { request, organization, sender, trustedUser } = letter;
  const secret = secretOf(letter, mail.link);
  const content = mail.content({
    organization: organization.name,
    sender: sender.name,
    fields: letter.fields,
    note: request.note ?? null,
    expires: formatInstant(request.expiresAt, trustedUser.language, organization.timeZone),
    link: secret.placeholder,
  });
  await insertNotification(act, {
    ...addressed(letter),
    kind: mail.kind,
    subjectId: request.id,
    recipient: trustedUser.email,
    sequence: mail.sequence,
    rendered: renderMail(trustedUser.language, content),
    fromName: organization.name,
    replyTo: sender.email,
    secret,
    now: mail.now,
  });
}

function addressed({ request }: RequestLetter) {
  return {
    organizationId: request.organizationId,
    life: { kind: 'upload-request', entityId: request.id },
  } as const;
}

function secretOf({ request, logLinkId }: RequestLetter, link: 'upload' | 'log'): MailSecret {
  const placeholder = secretPlaceholder();
  if (link === 'upload') {
    const generation = request.linkGeneration;
    return { type: 'upload-request', placeholder, generation, requestId: request.id };
  }
  if (logLinkId === null) throw new Error('a closed request has no link to its activity log');
  return { type: 'activity-log', placeholder, generation: 1, linkId: logLinkId };
}
