/** Whether there still is a reason for a message about a portal, asked under locks of what it is about. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Organization } from '../../identity/organization.entity.ts';
import type { InviteId, OrganizationId, PortalId } from '../../ids.ts';
import type { PortalKind } from '../portal.entity.ts';
import { remindersAreOn } from '../settings.ts';
import { sendingOfReminder } from './invite-notices.ts';
import { INVITE_EXPIRES_AT } from './invite-state.ts';

interface Row {
  readonly kind: PortalKind;
  readonly region: Organization['region'];
  readonly organization_id: OrganizationId;
  readonly sending: number;
  readonly over: boolean;
  readonly expires_at: Date | string;
}

/** An invitation is for the last sending of a link that works, before anything was handed in. */
export async function inviteStands(
  em: EntityManager,
  inviteId: string,
  sequence: number,
  now: Date,
): Promise<boolean> {
  const invite = await locked(em, inviteId as InviteId);
  return invite !== null && lives(invite, now) && invite.sending === sequence;
}

/** A reminder is for the same, where reminders are still switched on, and available in the region. */
export async function inviteReminderStands(
  em: EntityManager,
  inviteId: string,
  sequence: number,
  now: Date,
): Promise<boolean> {
  const invite = await locked(em, inviteId as InviteId);
  if (invite === null || !lives(invite, now)) return false;
  if (invite.sending !== sendingOfReminder(sequence)) return false;
  return remindersAreOn(em, invite);
}

/**
 * The owner is told of a submission while nobody has looked at it: for a public portal of the last one
 * only, and not after somebody has seen them.
 */
export async function submissionMailStands(
  em: EntityManager,
  portalId: string,
  sequence: number,
): Promise<boolean> {
  await em.execute('select from portals where id = ? for share', [portalId as PortalId]);
  const [row] = await em.execute<{ kind: PortalKind; told: boolean; notices: number }[]>(
    `select p.kind, pp.submission_told_at is not null as told, pp.submission_notices as notices
     from portals p join portal_progress pp on pp.portal_id = p.id where p.id = ?`,
    [portalId],
  );
  if (row === undefined) return false;
  return row.kind !== 'public' || (row.told && row.notices === sequence);
}

function lives({ over, expires_at }: Row, now: Date): boolean {
  return !over && new Date(expires_at) > now;
}

async function locked(em: EntityManager, inviteId: InviteId): Promise<Row | null> {
  await em.execute(
    `select from portals where id = (select portal_id from invites where id = ?) for share`,
    [inviteId],
  );
  await em.execute('select from invites where id = ? for share', [inviteId]);
  const [row] = await em.execute<Row[]>(
    `select p.kind, o.region, i.organization_id, i.sending, ${INVITE_EXPIRES_AT} as expires_at,
       i.spent_at is not null or p.closed_at is not null as over
     from invites i join portals p on p.id = i.portal_id
     join organizations o on o.id = i.organization_id where i.id = ?`,
    [inviteId],
  );
  return row ?? null;
}
