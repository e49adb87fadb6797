/** The mails about partner access (product rules, section 6): to its recipients, and to who gave it. */
import type { Act } from '../../act.ts';
import { Case } from '../../cases/case.entity.ts';
import { Organization } from '../../identity/organization.entity.ts';
import { User } from '../../identity/user.entity.ts';
import { insertNotification, type NotificationKind } from '../../notifications/insert.ts';
import { formatInstant, renderMail } from '../../notifications/render.ts';
import { secretPlaceholder } from '../../notifications/secrets.ts';
import { endLostLinks, type Invitee, linkInvitees, mailedRecipients } from './access-invitees.ts';
import {
  type AccessNotice,
  CREATOR_EXPIRING,
  ENDED,
  EXPIRING,
  INVITATION,
} from './access-texts.ts';
import type { PartnerAccess } from './partner-access.entity.ts';

/** Invites those who were not invited yet, each by a link of its own. */
export async function invite(act: Act, share: PartnerAccess, now: Date): Promise<void> {
  const invitees = await linkInvitees(act.em, share.id, now);
  if (share.entireOrganization) share.organizationInvitedAt = now;
  await notify(act, share, invitees, now, {
    kind: 'share-invitation',
    texts: INVITATION,
    withLink: true,
    sequence: ({ generation }) => generation,
  });
}

/** Tells those who have access no longer, for it was revoked or they were removed. */
export async function tellOfEnd(act: Act, share: PartnerAccess, now: Date): Promise<void> {
  await notify(act, share, await endLostLinks(act.em, share.id, now), now, {
    kind: 'share-revoked',
    texts: ENDED,
    withLink: false,
    sequence: ({ generation }) => generation,
  });
}

/** Tells mailed recipients and the creator that the access expires; once for each expiry. */
export async function tellOfExpiry(act: Act, share: PartnerAccess, now: Date): Promise<void> {
  const sequence = Math.floor((share.expiresAt ?? now).getTime() / 1000);
  await notify(act, share, await mailedRecipients(act.em, share.id), now, {
    kind: 'share-expiring',
    texts: EXPIRING,
    withLink: true,
    sequence: () => sequence,
  });
  const creator = await act.em.findOneOrFail(User, share.createdBy);
  if (creator.disabledAt != null) return;
  const about = await readAbout(act, share);
  const { timeZone } = about.organization;
  await insertNotification(act, {
    kind: 'share-expiring',
    organizationId: share.organizationId,
    life: { kind: 'partner-access', entityId: share.id },
    subjectId: share.id,
    recipient: creator.email,
    sequence,
    rendered: renderMail(
      creator.language,
      CREATOR_EXPIRING[creator.language](noticeFor(creator, share, about, timeZone)),
    ),
    now,
  });
}

interface Mailing {
  readonly kind: NotificationKind;
  readonly texts: typeof INVITATION;
  readonly withLink: boolean;
  readonly sequence: (invitee: Invitee) => number;
}

async function notify(
  act: Act,
  share: PartnerAccess,
  invitees: readonly Invitee[],
  now: Date,
  { kind, texts, withLink, sequence }: Mailing,
): Promise<void> {
  if (invitees.length === 0) return;
  const about = await readAbout(act, share);
  for (const invitee of invitees) {
    const placeholder = secretPlaceholder();
    const notice = noticeFor(invitee, share, about, about.partner.timeZone);
    const { action, ...content } = texts[invitee.language](notice);
    await insertNotification(act, {
      kind,
      organizationId: share.organizationId,
      life: { kind: 'partner-access', entityId: share.id },
      subjectId: invitee.linkId,
      recipient: invitee.email,
      sequence: sequence(invitee),
      rendered: renderMail(
        invitee.language,
        withLink && action !== undefined
          ? { ...content, action: { ...action, address: placeholder } }
          : content,
      ),
      ...(withLink
        ? {
            secret: {
              type: 'access-link',
              linkId: invitee.linkId,
              generation: invitee.generation,
              placeholder,
            } as const,
          }
        : {}),
      now,
    });
  }
}

interface About {
  readonly organization: Organization;
  readonly partner: Organization;
  readonly creator: User;
  readonly caseNumber: string;
}

async function readAbout({ em }: Act, share: PartnerAccess): Promise<About> {
  return {
    organization: await em.findOneOrFail(Organization, share.organizationId),
    partner: await em.findOneOrFail(Organization, share.partnerOrganizationId),
    creator: await em.findOneOrFail(User, share.createdBy),
    caseNumber: (await em.findOneOrFail(Case, share.caseId)).caseNumber,
  };
}

function noticeFor(
  reader: Pick<User, 'name' | 'language'>,
  share: PartnerAccess,
  about: About,
  timeZone: string,
): AccessNotice {
  return {
    name: reader.name,
    organization: about.organization.name,
    partner: about.partner.name,
    sender: about.creator.name,
    caseNumber: about.caseNumber,
    message: share.message ?? null,
    mayDownload: share.access === 'view_and_download',
    until:
      share.expiresAt == null ? null : formatInstant(share.expiresAt, reader.language, timeZone),
  };
}
