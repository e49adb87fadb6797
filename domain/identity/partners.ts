import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, named } from '../change.ts';
import { DomainError, invalid, notFound } from '../errors.ts';
import { newId, type OrganizationId, type PartnerId } from '../ids.ts';
import { wakeOpenShares } from '../sharing/wake-partnership.ts';
import { flushUnique } from '../unique.ts';
import { Organization } from './organization.entity.ts';
import { Partner } from './partner.entity.ts';
import { requirePermissions, type Staff } from './staff.ts';

/** The two directions that each side sets for itself. */
export interface Directions {
  maySendTo: boolean;
  mayReceiveFrom: boolean;
}

/**
 * Invites another organization to be a partner. Nothing may be sent before it accepts.
 * @throws DomainError `already-exists` while there is an invitation or a partnership, from either side
 */
export async function invitePartner(
  act: Act,
  staff: Staff,
  fields: Directions & { organizationSlug: string },
): Promise<Partner> {
  requirePermissions(staff, ['admin.partners'], false);
  const other = await act.em.findOne(Organization, { slug: fields.organizationSlug });
  if (other === null || other.id === staff.organization.id) {
    throw invalid({
      pointer: '/organizationSlug',
      detail:
        other === null
          ? 'There is no organization with this slug.'
          : 'An organization cannot be its own partner.',
    });
  }
  const created = act.em.create(Partner, {
    id: newId<PartnerId>(),
    inviterId: staff.organization.id,
    inviteeId: other.id,
    state: 'invited',
    inviterMaySend: fields.maySendTo,
    inviterMayReceive: fields.mayReceiveFrom,
    inviteeMaySend: false,
    inviteeMayReceive: false,
    invitedAt: new Date(),
    acceptedAt: null,
    endedAt: null,
  });
  await flushUnique(
    act.em,
    'There is an invitation or a partnership with this organization already.',
  );
  record(act, created, 'partner.invited', {
    maySendTo: fields.maySendTo,
    mayReceiveFrom: fields.mayReceiveFrom,
  });
  return created;
}

/** Accepts an invitation, with one's own two directions. @throws DomainError `wrong-state` */
export async function acceptPartner(
  act: Act,
  staff: Staff,
  partnerId: PartnerId,
  directions: Directions,
): Promise<Partner> {
  const found = await lockPartner(act.em, staff, partnerId);
  if (found.state !== 'invited') {
    throw new DomainError('wrong-state', `The partnership is ${found.state}, not invited.`);
  }
  if (found.inviterId === staff.organization.id) {
    throw new DomainError('wrong-state', 'The organization that was invited has to accept.');
  }
  act.em.assign(found, {
    state: 'active',
    acceptedAt: new Date(),
    inviteeMaySend: directions.maySendTo,
    inviteeMayReceive: directions.mayReceiveFrom,
  });
  record(act, found, 'partner.accepted', { ...directions });
  return found;
}

/** Changes one's own two directions; the other side's are its own. @throws DomainError `wrong-state` */
export async function changePartner(
  act: Act,
  staff: Staff,
  partnerId: PartnerId,
  change: Change<Directions>,
  check: (version: number) => void,
): Promise<Partner> {
  const found = await lockPartner(act.em, staff, partnerId);
  check(found.version);
  const invited = found.inviterId !== staff.organization.id;
  if (found.state === 'ended' || (found.state === 'invited' && invited)) {
    throw new DomainError(
      'wrong-state',
      found.state === 'ended'
        ? 'The partnership has ended. Invite the organization anew.'
        : 'Accept the invitation, with the directions that you want.',
    );
  }
  const directions = named(change);
  if (Object.keys(directions).length === 0) return found;
  const { maySendTo, mayReceiveFrom } = directions;
  act.em.assign(
    found,
    invited
      ? named({ inviteeMaySend: maySendTo, inviteeMayReceive: mayReceiveFrom })
      : named({ inviterMaySend: maySendTo, inviterMayReceive: mayReceiveFrom }),
  );
  if ([maySendTo, mayReceiveFrom].includes(false)) await wakeOpenShares(act, found);
  record(act, found, 'partner.changed', { ...directions });
  return found;
}

/** Ends a partnership, or withdraws or declines an invitation; what has ended stays so. */
export async function endPartner(
  act: Act,
  staff: Staff,
  partnerId: PartnerId,
  check: (version: number) => void,
): Promise<void> {
  const found = await lockPartner(act.em, staff, partnerId);
  check(found.version);
  if (found.state === 'ended') return;
  act.em.assign(found, { state: 'ended', endedAt: new Date() });
  await wakeOpenShares(act, found);
  record(act, found, 'partner.ended', {});
}

async function lockPartner(em: EntityManager, staff: Staff, id: PartnerId): Promise<Partner> {
  requirePermissions(staff, ['admin.partners'], false);
  const own: OrganizationId = staff.organization.id;
  const found = await em.findOne(
    Partner,
    { id, $or: [{ inviterId: own }, { inviteeId: own }] },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (found === null) throw notFound('partner');
  return found;
}

/** A partnership is two organizations' affair: the event is in both chains. */
function record(
  act: Act,
  partner: Partner,
  action: 'partner.invited' | 'partner.accepted' | 'partner.changed' | 'partner.ended',
  data: Readonly<Record<string, unknown>>,
): void {
  for (const organizationId of [partner.inviterId, partner.inviteeId]) {
    act.audit({ organizationId, action, objects: [partner.id], data });
  }
}
