/**
 * The messages to community members (product rules, sections 5 and 6), by mail or SMS. They address
 * nobody by name, and their rows hold no address: it is looked up when they are sent.
 */
import type { Act } from '../../act.ts';
import { Organization } from '../../identity/organization.entity.ts';
import { insertNotification, type NotificationKind } from '../../notifications/insert.ts';
import { inviteRecipient } from '../../notifications/invite-recipient.ts';
import { formatInstant, renderMail } from '../../notifications/render.ts';
import { secretPlaceholder } from '../../notifications/secrets.ts';
import { Portal } from '../portal.entity.ts';
import { readPortalLetter } from '../portal-letter.ts';
import { Invite } from './invite.entity.ts';
import type { InvitePlace } from './invite-place.ts';
import { INVITED, INVITED_SMS, type InviteNotice, REMINDED, REMINDED_SMS } from './invite-texts.ts';

/** Reminders of one sending: their numbers follow its own. */
const REMINDERS_PER_SENDING = 10;

/** Which sending a reminder's number belongs to. */
export function sendingOfReminder(sequence: number): number {
  return Math.floor(sequence / REMINDERS_PER_SENDING);
}

/** Sends the link that works now. */
export async function notifyInvited(act: Act, place: InvitePlace, now: Date): Promise<void> {
  await send(act, place, { kind: 'invite', texts: { mail: INVITED, sms: INVITED_SMS }, now });
}

/** Reminds of it; `index` is the reminder's among those of this sending. */
export async function notifyReminded(
  act: Act,
  place: InvitePlace,
  index: number,
  now: Date,
): Promise<void> {
  const texts = { mail: REMINDED, sms: REMINDED_SMS };
  await send(act, place, { kind: 'invite-reminder', texts, index, now });
}

async function send(
  act: Act,
  { inviteId, organizationId }: InvitePlace,
  message: {
    readonly kind: NotificationKind;
    readonly texts: { readonly mail: typeof INVITED; readonly sms: typeof INVITED_SMS };
    readonly index?: number;
    readonly now: Date;
  },
): Promise<void> {
  const { em } = act;
  const invite = await em.findOneOrFail(Invite, { id: inviteId }, { refresh: true });
  if (invite.delivery === 'none') throw new Error('an invite that is not delivered is sent');
  const portal = await em.findOneOrFail(Portal, { id: invite.portalId });
  const organization = await em.findOneOrFail(Organization, { id: organizationId });
  const letter = await readPortalLetter(em, portal);
  const { language } = invite;
  const expiresAt =
    portal.expiresAt != null && portal.expiresAt < invite.expiresAt
      ? portal.expiresAt
      : invite.expiresAt;
  const placeholder = secretPlaceholder();
  const notice: InviteNotice = {
    organization: organization.name,
    title: letter.title,
    reportId: letter.reportId,
    description: letter.description,
    expires: formatInstant(expiresAt, language, organization.timeZone),
    link: placeholder,
  };
  const rendered =
    invite.delivery === 'sms'
      ? { subject: '', text: message.texts.sms[language](notice), html: '' }
      : renderMail(language, message.texts.mail[language](notice));
  const { index } = message;
  await insertNotification(act, {
    kind: message.kind,
    channel: invite.delivery,
    organizationId,
    life: { kind: 'portal-invite', entityId: inviteId },
    subjectId: inviteId,
    recipient: inviteRecipient(inviteId),
    sequence: index === undefined ? invite.sending : invite.sending * REMINDERS_PER_SENDING + index,
    rendered,
    fromName: organization.name,
    ...(portal.kind === 'individual' ? { replyTo: letter.owner.email } : {}),
    secret: { type: 'invite', placeholder, generation: invite.linkGeneration, inviteId },
    now: message.now,
  });
}
