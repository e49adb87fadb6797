import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { databaseNow, daysAfter } from '../../clock.ts';
import { DomainError, type Fault, invalid } from '../../errors.ts';
import { Organization } from '../../identity/organization.entity.ts';
import { requireFeature, requirePermissions } from '../../identity/staff.ts';
import type { Language } from '../../identity/user.entity.ts';
import { type InviteId, newId } from '../../ids.ts';
import { requireIncidentReports } from '../../integration/client-grant.ts';
import type { LinkKeys } from '../../link-token.ts';
import { contactSettingsOf } from '../invite-settings.ts';
import { Portal } from '../portal.entity.ts';
import type { InviteMaker } from '../portal-maker.ts';
import { featureOf, isOwnPortal, requireNotClosed } from '../portal-policy.ts';
import { readSettings } from '../settings.ts';
import { storeContact } from './contact.ts';
import { type CommunityMember, contactFaults } from './contact-rule.ts';
import { type Delivery, Invite } from './invite.entity.ts';
import { insertInviteLink } from './invite-links.ts';
import { entryOfInvite, inviteLife } from './invite-place.ts';
import { INVITE_DAYS } from './invite-state.ts';

/** Whom an invite is for, and how its link gets there. */
export interface InviteChoice {
  /** Null where nothing is known yet of who will open the link: only without a delivery. */
  readonly member: CommunityMember | null;
  readonly delivery: Delivery;
  readonly language: Language;
}

/** An invite with the token of its link, which is kept nowhere. */
export interface MadeInvite {
  readonly invite: Invite;
  readonly token: string;
}

/**
 * Makes an invite to a portal and its link, which lives 10 days. The link is sent by the invite's life.
 * @throws DomainError for a missing permission or feature; `wrong-state` where the portal is closed or
 *   has expired, or is one person's that has its invite; `validation-failed` with every fault
 */
export async function createInvite(
  act: Act,
  by: InviteMaker,
  portal: Portal,
  choice: InviteChoice,
  keys: LinkKeys,
): Promise<MadeInvite> {
  const { em } = act;
  requireMayInvite(by, portal);
  await lockOpenPortal(em, portal);
  const { id: portalId, organizationId, kind } = portal;
  const settings = contactSettingsOf(await readSettings(em, organizationId), kind);
  const faults = [
    ...(choice.member === null && choice.delivery === 'none'
      ? []
      : contactFaults(settings, choice.member ?? {}, { delivery: choice.delivery })),
    ...(await deliveryFaults(em, portal, choice.delivery)),
  ];
  if (faults.length > 0) throw invalid(...faults);
  const now = await databaseNow(em);
  const invite = em.create(Invite, {
    id: newId<InviteId>(),
    organizationId,
    portalId,
    delivery: choice.delivery,
    language: choice.language,
    createdBy: by.type === 'staff' ? by.staff.id : null,
    linkGeneration: 1,
    expiresAt: daysAfter(now, INVITE_DAYS),
    sending: 1,
    spentAt: null,
    createdAt: now,
    updatedAt: now,
  });
  await em.flush();
  const token = await insertInviteLink(em, keys, { inviteId: invite.id, generation: 1, at: now });
  await em.execute('insert into invite_progress (invite_id) values (?)', [invite.id]);
  if (choice.member !== null) await storeContact(em, invite, settings, choice.member, keys);
  const place = { inviteId: invite.id, portalId, organizationId };
  act.wake(inviteLife(place));
  act.audit({
    ...entryOfInvite(place),
    action: 'invite.created',
    data: { delivery: choice.delivery, language: choice.language },
  });
  return { invite, token };
}

function requireMayInvite(by: InviteMaker, portal: Portal): void {
  switch (by.type) {
    case 'visitor':
      return;
    case 'api_client':
      return requireIncidentReports(by.client);
    case 'staff':
      requireFeature(by.staff, featureOf(portal.kind));
      return requirePermissions(
        by.staff,
        ['portal.view', 'portal.invite'],
        isOwnPortal(by.staff, portal),
      );
    default:
      by satisfies never;
  }
}

/**
 * Holds a portal against being closed or changed, and refuses one that takes nothing more. One for one
 * person is locked, so that it gets one invite.
 */
async function lockOpenPortal(em: EntityManager, portal: Portal): Promise<void> {
  const lock = portal.kind === 'individual' ? 'for no key update' : 'for share';
  await em.execute(`select from portals where id = ? ${lock}`, [portal.id]);
  const now = await em.findOneOrFail(Portal, portal.id, { refresh: true });
  requireNotClosed(now);
  const [state] = await em.execute<{ ended: boolean; taken: boolean }[]>(
    `select coalesce(p.expires_at <= clock_timestamp(), false) as ended, coalesce(
       (select i.spent_at is not null or i.expires_at > clock_timestamp() from invites i
        where i.portal_id = p.id order by i.id desc limit 1), false) as taken
     from portals p where p.id = ?`,
    [portal.id],
  );
  if (state?.ended === true) throw expired();
  // One person's portal whose invite has run out unused takes another one.
  if (portal.kind === 'individual' && state?.taken === true) {
    throw new DomainError(
      'wrong-state',
      'This portal is for one person, who has its invite. Send that again, or make another portal.',
    );
  }
}

function expired(): DomainError {
  return new DomainError(
    'wrong-state',
    'The portal has expired. Extend it (PATCH durationDays), or make a new one.',
    { members: { state: 'expired' } },
  );
}

async function deliveryFaults(
  em: EntityManager,
  { organizationId }: Portal,
  delivery: Delivery,
): Promise<Fault[]> {
  if (delivery !== 'sms') return [];
  const { smsWebhook } = await em.findOneOrFail(Organization, organizationId, {
    lockMode: LockMode.NONE,
  });
  if (smsWebhook != null) return [];
  const detail =
    'Text messages need a webhook, which an administrator sets (PATCH /organization, smsWebhook). Use email or none.';
  return [{ pointer: '/delivery', detail }];
}
