/** Sending an invite again, and erasing what is known of its community member. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { databaseNow, daysAfter } from '../../clock.ts';
import { DomainError, notFound } from '../../errors.ts';
import { requireFeature, requirePermissions, type Staff } from '../../identity/staff.ts';
import type { InviteId } from '../../ids.ts';
import type { LinkKeys } from '../../link-token.ts';
import type { Portal } from '../portal.entity.ts';
import { featureOf, requireNotClosed, requirePortal } from '../portal-policy.ts';
import { deliveryAddress, eraseContact } from './contact.ts';
import type { MadeInvite } from './create-invite.ts';
import { Invite } from './invite.entity.ts';
import { insertInviteLink, inviteToken } from './invite-links.ts';
import { entryOfInvite, inviteLife } from './invite-place.ts';
import { INVITE_DAYS } from './invite-state.ts';

/**
 * Sends an invite again, with the link that works now: the same one while it lives, else a new one, which
 * lives 10 days. Reminders begin anew.
 * @throws DomainError `not-found`, `permission-missing`, `feature-missing`; `wrong-state` where something
 *   was handed in, nothing can be any more, or the address was erased
 */
export async function resendInvite(
  act: Act,
  staff: Staff,
  inviteId: InviteId,
  keys: LinkKeys,
): Promise<MadeInvite> {
  const { em } = act;
  const { invite, portal } = await lockInviteOf(em, staff, inviteId);
  requireFeature(staff, featureOf(portal.kind));
  const now = await databaseNow(em);
  await requireMayResend(em, invite, portal, { keys, now });
  const lives = invite.expiresAt > now;
  const works = lives ? await inviteToken(em, keys, invite.id, invite.linkGeneration) : null;
  if (works === null) {
    em.assign(invite, {
      linkGeneration: invite.linkGeneration + 1,
      expiresAt: daysAfter(now, INVITE_DAYS),
    });
  }
  em.assign(invite, { sending: invite.sending + 1, updatedAt: now });
  const generation = invite.linkGeneration;
  const token = works ?? (await insertInviteLink(em, keys, { inviteId, generation, at: now }));
  const place = { inviteId, portalId: portal.id, organizationId: invite.organizationId };
  act.wake(inviteLife(place));
  act.audit({ ...entryOfInvite(place), action: 'invite.resent', data: { generation } });
  return { invite, token };
}

/** Locks the portal against being closed meanwhile, then the invite. */
async function lockInviteOf(
  em: EntityManager,
  staff: Staff,
  inviteId: InviteId,
): Promise<{ invite: Invite; portal: Portal }> {
  const found = await em.findOne(Invite, {
    id: inviteId,
    organizationId: staff.organization.id,
  });
  if (found === null) throw notFound('invite');
  const portal = await requirePortal(em, staff, found.portalId, ['portal.invite'], {
    lock: LockMode.PESSIMISTIC_READ,
  });
  const invite = await em.findOneOrFail(
    Invite,
    { id: inviteId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  return { invite, portal };
}

async function requireMayResend(
  em: EntityManager,
  invite: Invite,
  portal: Portal,
  { keys, now }: { readonly keys: LinkKeys; readonly now: Date },
): Promise<void> {
  requireNotClosed(portal);
  if (invite.spentAt != null) {
    throw new DomainError('wrong-state', 'Something was handed in through it. Make a new invite.', {
      members: { state: 'submitted' },
    });
  }
  if (portal.expiresAt != null && portal.expiresAt <= now) {
    throw new DomainError('wrong-state', 'The portal has expired. Extend it first.', {
      members: { state: 'expired' },
    });
  }
  const [state] = await em.execute<{ discarded: boolean; newest: boolean }[]>(
    `select discarded_for is not null and discarded_for >= ? as discarded,
       not exists (select from invites n where n.portal_id = ? and n.id > ?) as newest
     from invite_progress where invite_id = ?`,
    [invite.expiresAt, portal.id, invite.id, invite.id],
  );
  if (state?.discarded === true || (portal.kind === 'individual' && state?.newest === false)) {
    throw new DomainError('wrong-state', 'This invite is over. Make a new one.', {
      members: { state: 'expired' },
    });
  }
  if (invite.delivery === 'none') return;
  if ((await deliveryAddress(em, keys, invite.id, invite.delivery)) === null) {
    throw new DomainError(
      'wrong-state',
      'Its address was erased: it was kept for delivery only, until the link expired. Make a new invite.',
    );
  }
}

/**
 * Erases all that is known of an invite's community member: contact information, the address of delivery,
 * and where its sessions came from. What was handed in stays. Once more changes nothing.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function eraseCommunityMember(
  act: Act,
  staff: Staff,
  inviteId: InviteId,
): Promise<void> {
  const { em } = act;
  const invite = await em.findOne(
    Invite,
    { id: inviteId, organizationId: staff.organization.id },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (invite === null) throw notFound('invite');
  requirePermissions(staff, ['admin.invites'], false);
  const { portalId, organizationId } = invite;
  const sources = await eraseSources(em, invite);
  const contact = await eraseContact(em, inviteId);
  if (!contact && sources === 0) return;
  act.audit({
    ...entryOfInvite({ inviteId, portalId, organizationId }),
    action: 'invite.contact_erased',
  });
}

/** The chain only refers to where somebody acted from: it still verifies. */
async function eraseSources(em: EntityManager, invite: Invite): Promise<number> {
  const erased = await em.execute<unknown[]>(
    `delete from audit_sources s using audit_events e
     where e.organization_id = ? and e.objects @> array[?::uuid] and s.event_id = e.id
       and e.content::jsonb -> 'actor' ->> 'kind' = 'link_session' returning 1`,
    [invite.organizationId, invite.id],
  );
  return erased.length;
}
