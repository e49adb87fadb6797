import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { Organization } from '../../identity/organization.entity.ts';
import type { InviteId, OrganizationId, PortalId } from '../../ids.ts';
import { defineLife } from '../../lifecycle/definition.ts';
import { instantOf, type SqlInstant } from '../../sql.ts';
import type { PortalKind } from '../portal.entity.ts';
import { remindersAreOn } from '../settings.ts';
import { eraseAddresses } from './contact.ts';
import { discardInvite } from './discard-invite.ts';
import type { Delivery } from './invite.entity.ts';
import { notifyInvited, notifyReminded } from './invite-notices.ts';
import { entryOfInvite, type InvitePlace } from './invite-place.ts';
import { INVITE_EXPIRES_AT } from './invite-state.ts';
import {
  INVITE_REMINDERS,
  type InviteReminder,
  inviteReminders,
  nextPortalInviteStep,
  type PortalInviteFacts,
  type PortalInviteStep,
} from './portal-invite-rule.ts';

interface Facts extends PortalInviteFacts {
  readonly place: InvitePlace;
}

interface FactsRow {
  readonly portal_id: PortalId;
  readonly organization_id: OrganizationId;
  readonly kind: PortalKind;
  readonly region: Organization['region'];
  readonly delivery: Delivery;
  readonly closed_at: SqlInstant;
  readonly spent_at: SqlInstant;
  readonly expires_at: Date | string;
  readonly link_expires_at: Date | string;
  readonly sending: number;
  readonly invited_sending: number;
  readonly invited_at: SqlInstant;
  readonly last_mail_at: SqlInstant;
  readonly reminders_used: InviteReminder[];
  readonly expiry_handled_for: SqlInstant;
  readonly discarded_for: SqlInstant;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const inviteId = entityId as InviteId;
  const locked = await em.execute<unknown[]>(
    'select 1 from invites where id = ? for no key update',
    [inviteId],
  );
  if (locked.length === 0) return null;
  const [row] = await em.execute<FactsRow[]>(
    `select i.portal_id, i.organization_id, p.kind, o.region, i.delivery, p.closed_at, i.spent_at,
       ${INVITE_EXPIRES_AT} as expires_at, i.expires_at as link_expires_at, i.sending,
       ip.invited_sending, ip.invited_at, ip.last_mail_at, to_json(ip.reminders_used) as reminders_used,
       ip.expiry_handled_for, ip.discarded_for
     from invites i join portals p on p.id = i.portal_id
     join organizations o on o.id = i.organization_id
     join invite_progress ip on ip.invite_id = i.id
     where i.id = ?`,
    [inviteId],
  );
  if (row === undefined) throw new Error('an invite has no progress');
  const { portal_id: portalId, organization_id: organizationId } = row;
  return {
    place: { inviteId, portalId, organizationId },
    closedAt: instantOf(row.closed_at),
    spentAt: instantOf(row.spent_at),
    expiresAt: new Date(row.expires_at),
    linkExpiresAt: new Date(row.link_expires_at),
    delivers: row.delivery !== 'none',
    reminds: await remindersAreOn(em, row),
    sending: row.sending,
    invitedSending: row.invited_sending,
    invitedAt: instantOf(row.invited_at),
    lastMailAt: instantOf(row.last_mail_at),
    remindersUsed: row.reminders_used,
    expiryHandledFor: instantOf(row.expiry_handled_for),
    discardedFor: instantOf(row.discarded_for),
  };
}

async function perform(act: Act, facts: Facts, step: PortalInviteStep, now: Date): Promise<void> {
  const { place } = facts;
  const note = async (changes: string, ...values: readonly unknown[]) =>
    act.em.execute(`update invite_progress set ${changes} where invite_id = ?`, [
      ...values,
      place.inviteId,
    ]);
  switch (step) {
    case 'invite':
      await note(
        `invited_sending = ?, invited_at = ?, last_mail_at = ?, reminders_used = '{}'`,
        facts.sending,
        now,
        now,
      );
      if (!facts.delivers) return;
      await notifyInvited(act, place, now);
      return act.audit({ ...entryOfInvite(place), action: 'invite.sent' });
    case 'remind':
    case 'skip reminders': {
      const { due } = inviteReminders(facts, now);
      await note(
        'reminders_used = reminders_used || ?::text[]',
        `{${due.map((reminder) => `"${reminder}"`).join(',')}}`,
      );
      const last = due.at(-1);
      if (step === 'skip reminders' || last === undefined) return;
      await note('last_mail_at = ?', now);
      await notifyReminded(act, place, INVITE_REMINDERS.indexOf(last), now);
      return act.audit({ ...entryOfInvite(place), action: 'invite.reminded' });
    }
    case 'handle expiry': {
      await note('expiry_handled_for = ?', facts.expiresAt);
      const erased = await eraseAddresses(act.em, [place.inviteId]);
      return act.audit({
        ...entryOfInvite(place),
        action: 'invite.expired',
        data: { addressErased: erased > 0 },
      });
    }
    case 'discard':
      await note('discarded_for = ?', facts.linkExpiresAt);
      return discardInvite(act, place, now);
    default:
      return step satisfies never;
  }
}

function stateOf(facts: Facts, now: Date): string {
  if (facts.spentAt !== null) return 'submitted';
  if (facts.closedAt !== null) return 'closed';
  return facts.expiresAt <= now ? 'expired' : 'sent';
}

/** The life of an invite. */
export const portalInviteLife = defineLife<Facts, PortalInviteStep>({
  kind: 'portal-invite',
  load,
  nextStep: nextPortalInviteStep,
  perform,
  stateOf,
});
