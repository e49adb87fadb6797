/** Who is mailed about partner access: recipients, each with a link of its own. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { ADMINISTERS } from '../../identity/administrators.ts';
import type { Principal } from '../../identity/principals.ts';
import type { Language } from '../../identity/user.entity.ts';
import { type AccessLinkId, newId, type ShareId, type UserId } from '../../ids.ts';
import { ACCESS_OPEN, IS_RECIPIENT } from './access-grant.ts';

/** Somebody at the partner who gets a mail. */
export interface Invitee {
  readonly linkId: AccessLinkId;
  readonly generation: number;
  readonly email: string;
  readonly name: string;
  readonly language: Language;
}

/** SQL over rows called `r`, a recipient, and `u`: the recipient is the user, or a group that it is in. */
const STANDS_FOR = /* sql */ `((r.principal_type = 'user' and u.id = r.principal_id)
  or (r.principal_type = 'group' and exists (
    select from group_members gm where gm.group_id = r.principal_id and gm.user_id = u.id)))`;

/** SQL over a row called `shares`: recipients that were not invited, an entire organization being one. */
export const UNINVITED = /* sql */ `((select count(*) from share_recipients r
    where r.share_id = shares.id and r.removed_at is null and r.invited_at is null)
  + case when shares.entire_organization and shares.organization_invited_at is null then 1 else 0 end)`;

/**
 * SQL over rows called `link`, `shares` and `u`: who got this link has access no longer, because the share
 * was revoked or named it no more, and was not told. Who left a group knows that.
 */
const LOST = /* sql */ `(link.ended_at is null and (shares.revoked_at is not null
  or (not ${IS_RECIPIENT} and case when link.principal_id is null then not shares.entire_organization
    else not exists (select from share_recipients r where r.share_id = shares.id and r.removed_at is null
      and r.principal_type = link.principal_type and r.principal_id = link.principal_id) end)))`;

/** SQL over a row called `shares`: those who have access no longer and were not told. */
export const UNTOLD = /* sql */ `(select count(*) from share_access_links link join users u on u.id = link.user_id
  where link.share_id = shares.id and ${LOST})`;

interface FoundInvitee {
  user_id: UserId;
  principal_type: Principal['type'] | null;
  principal_id: string | null;
}

/**
 * Gives everybody a link who has none and stands behind a recipient that was not invited: the user, the
 * members of the group as they are now, the administrators of an entire organization. Whoever lost its
 * link gets another.
 */
export async function linkInvitees(
  em: EntityManager,
  shareId: ShareId,
  now: Date,
): Promise<Invitee[]> {
  const found = await em.execute<FoundInvitee[]>(
    `select distinct on (u.id) u.id as user_id, invited.principal_type, invited.principal_id
     from shares
     join users u on u.organization_id = shares.partner_organization_id and u.disabled_at is null
     join lateral (
       select r.principal_type, r.principal_id, r.position from share_recipients r
       where r.share_id = shares.id and r.removed_at is null and r.invited_at is null and ${STANDS_FOR}
       union all
       select null, null, -1
       where shares.entire_organization and shares.organization_invited_at is null and ${ADMINISTERS}
     ) as invited on true
     where shares.id = ? order by u.id, invited.position`,
    [shareId],
  );
  await em.execute(
    'update share_recipients set invited_at = ? where share_id = ? and removed_at is null and invited_at is null',
    [now, shareId],
  );
  return em.execute<Invitee[]>(
    `with links as (
       insert into share_access_links as link
         (id, share_id, user_id, principal_type, principal_id, made_at)
       select i.id, ?::uuid, i.user_id, i.principal_type, i.principal_id, ?::timestamptz
       from json_to_recordset(?::json) as i (id uuid, user_id uuid, principal_type text, principal_id uuid)
       on conflict (share_id, user_id) do update
         set principal_type = excluded.principal_type, principal_id = excluded.principal_id,
           generation = case when link.ended_at is null then link.generation else link.generation + 1 end,
           token_hash = case when link.ended_at is null then link.token_hash end,
           ended_at = null
       returning id, user_id, generation)
     select links.id as "linkId", links.generation, u.email, u.name, u.language
     from links join users u on u.id = links.user_id order by links.id`,
    [shareId, now, JSON.stringify(found.map((one) => ({ ...one, id: newId<AccessLinkId>() })))],
  );
}

/** Ends the links of those who have access no longer; gives whom to tell. */
export async function endLostLinks(
  em: EntityManager,
  shareId: ShareId,
  now: Date,
): Promise<Invitee[]> {
  return em.execute<Invitee[]>(
    `update share_access_links own set ended_at = ?
     from share_access_links link join shares on shares.id = link.share_id join users u on u.id = link.user_id
     where own.id = link.id and shares.id = ? and ${LOST}
     returning own.id as "linkId", own.generation, u.email, u.name, u.language`,
    [now, shareId],
  );
}

/** Everybody who was mailed a link and has access still. */
export async function mailedRecipients(em: EntityManager, shareId: ShareId): Promise<Invitee[]> {
  return em.execute<Invitee[]>(
    `select link.id as "linkId", link.generation, u.email, u.name, u.language
     from share_access_links link join shares on shares.id = link.share_id join users u on u.id = link.user_id
     where shares.id = ? and link.ended_at is null and ${ACCESS_OPEN} and ${IS_RECIPIENT}
     order by link.id`,
    [shareId],
  );
}
