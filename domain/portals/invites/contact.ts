/**
 * Contact information of community members: the one place that stores it, reads it and erases it. It lies
 * in `community_members`, or, where it is not to be stored, the address alone in `invite_addresses`,
 * sealed; and nowhere else.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { InviteId, OrganizationId } from '../../ids.ts';
import type { LinkKeys } from '../../link-token.ts';
import { uuids } from '../../sql.ts';
import {
  type ContactField,
  type ContactSettings,
  contactSettingsOf,
  type InviteSettings,
} from '../invite-settings.ts';
import type { PortalKind } from '../portal.entity.ts';
import {
  CONTACT_KEYS,
  type CommunityMember,
  type Contact,
  visibleContact,
} from './contact-rule.ts';
import type { Delivery } from './invite.entity.ts';
import { openAddress, sealAddress } from './invite-address.ts';

/** An invite whose community member is meant. */
export interface ContactOf {
  readonly id: InviteId;
  readonly organizationId: OrganizationId;
  readonly delivery: Delivery;
}

/** The column of each field. */
const COLUMNS: Readonly<Record<keyof Contact, ContactField>> = {
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
  phone: 'phone',
  dateOfBirth: 'date_of_birth',
};

/**
 * Stores what was said of a community member, which `contactFaults` found no fault with; what was said
 * before and is not said again stays. Where contact information is not stored, it seals the address that
 * the link is delivered to.
 * @returns the fields whose stored values are others now, for the record
 */
export async function storeContact(
  em: EntityManager,
  invite: ContactOf,
  settings: ContactSettings,
  member: CommunityMember,
  keys: LinkKeys,
): Promise<ContactField[]> {
  if (!settings.store) {
    const address = addressOf(member, invite.delivery);
    if (address !== null) await sealAddress(em, keys, invite.id, address);
    return [];
  }
  const before = await readStored(em, invite.id);
  const given = visibleContact(settings).filter((field) => {
    const value = member[CONTACT_KEYS[field]] ?? null;
    return value !== null && value !== (before?.[CONTACT_KEYS[field]] ?? null);
  });
  if (given.length === 0) return [];
  await em.execute(
    `insert into community_members (invite_id, organization_id, ${given.join(', ')}, stored_at)
     values (?, ?, ${given.map(() => '?').join(', ')}, clock_timestamp())
     on conflict (invite_id) do update set
       ${given.map((field) => `${field} = excluded.${field}`).join(', ')}, stored_at = excluded.stored_at`,
    [invite.id, invite.organizationId, ...given.map((field) => member[CONTACT_KEYS[field]])],
  );
  return given;
}

function addressOf(member: CommunityMember, delivery: Delivery): string | null {
  switch (delivery) {
    case 'email':
      return member.email ?? null;
    case 'sms':
      return member.phone ?? null;
    case 'none':
      return null;
    default:
      return delivery satisfies never;
  }
}

/** All that is stored of an invite's community member, shown or not. */
async function readStored(em: EntityManager, inviteId: InviteId): Promise<Contact | null> {
  const [row] = await em.execute<Contact[]>(
    `select ${Object.entries(COLUMNS)
      .map(([key, column]) => `m.${column}::text as "${key}"`)
      .join(', ')}
     from community_members m where m.invite_id = ?`,
    [inviteId],
  );
  return row ?? null;
}

/** What is shown of an invite's community member by the settings of now; null where there is nothing. */
export async function readContact(
  em: EntityManager,
  inviteId: InviteId,
  settings: ContactSettings,
): Promise<Contact | null> {
  const stored = await readStored(em, inviteId);
  if (stored === null || !settings.store) return null;
  const visible = new Set(visibleContact(settings).map((field) => CONTACT_KEYS[field]));
  return Object.fromEntries(
    Object.entries(stored).map(([key, value]) => [
      key,
      visible.has(key as keyof Contact) ? value : null,
    ]),
  ) as unknown as Contact;
}

/**
 * SQL over rows `p` of portals and `i` of invites: what is shown of the community member, as JSON, by the
 * settings of its kind of portal; a field that is hidden is absent. Null where there is nothing.
 */
export function contactJson(settings: InviteSettings): string {
  const ofKind = (kind: PortalKind) => {
    const fields = contactSettingsOf(settings, kind);
    if (!fields.store) return 'null::jsonb';
    const shown = visibleContact(fields).map((field) => `'${CONTACT_KEYS[field]}', m.${field}`);
    return `jsonb_build_object(${[...shown, `'language', i.language`].join(', ')})`;
  };
  return `(select case p.kind when 'public' then ${ofKind('public')} else ${ofKind('individual')} end
    from community_members m where m.invite_id = i.id)`;
}

/**
 * The address that an invite's link is delivered to at this moment; null where there is none, or it was
 * erased.
 */
export async function deliveryAddress(
  em: EntityManager,
  keys: LinkKeys,
  inviteId: InviteId,
  delivery: 'email' | 'sms',
): Promise<string | null> {
  const sealed = await openAddress(em, keys, inviteId);
  if (sealed !== null) return sealed;
  const stored = await readStored(em, inviteId);
  return stored === null ? null : addressOf(stored, delivery);
}

/** Erases the addresses that were kept for delivery only. */
export async function eraseAddresses(
  em: EntityManager,
  inviteIds: readonly InviteId[],
): Promise<number> {
  const erased = await em.execute<unknown[]>(
    'delete from invite_addresses where invite_id = any(?::uuid[]) returning 1',
    [uuids(inviteIds)],
  );
  return erased.length;
}

/** Erases all that is known of an invite's community member; says whether there was anything. */
export async function eraseContact(em: EntityManager, inviteId: InviteId): Promise<boolean> {
  const stored = await em.execute<unknown[]>(
    'delete from community_members where invite_id = ? returning 1',
    [inviteId],
  );
  return (await eraseAddresses(em, [inviteId])) + stored.length > 0;
}
