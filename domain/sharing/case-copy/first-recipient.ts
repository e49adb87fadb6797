/** Who of a copy's recipients owns what arrives (product rules, section 3). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Principal } from '../../identity/principals.ts';
import type { OrganizationId, ShareId, UserId } from '../../ids.ts';

/**
 * The first user that is named and can sign in; of the first group that has such a user, where only
 * groups are named: the one who has been there longest. It is assignee and owner: a case and evidence
 * have to have an owner, and nobody at the partner stands nearer.
 * @returns null where there is nobody
 */
export async function firstRecipient(
  em: EntityManager,
  organizationId: OrganizationId,
  recipients: readonly Principal[],
): Promise<UserId | null> {
  const [first] = await em.execute<{ id: UserId }[]>(
    `select u.id
     from json_to_recordset(?::json) as r (position int, type text, id uuid)
     left join group_members m on r.type = 'group' and m.group_id = r.id
     join users u on u.id = case r.type when 'user' then r.id else m.user_id end
     where u.organization_id = ? and u.disabled_at is null
     order by r.type = 'group', r.position, u.id limit 1`,
    [
      JSON.stringify(recipients.map((recipient, position) => ({ ...recipient, position }))),
      organizationId,
    ],
  );
  return first?.id ?? null;
}

/** The recipients that a share names, in their order, without groups and users that are gone. */
export async function readRecipients(em: EntityManager, shareId: ShareId): Promise<Principal[]> {
  return em.execute<Principal[]>(
    `select r.principal_type as type, r.principal_id as id from share_recipients r
     left join users u on r.principal_type = 'user' and u.id = r.principal_id and u.disabled_at is null
     left join groups g on r.principal_type = 'group' and g.id = r.principal_id
     where r.share_id = ? and r.removed_at is null and (u.id is not null or g.id is not null)
     order by r.position`,
    [shareId],
  );
}
