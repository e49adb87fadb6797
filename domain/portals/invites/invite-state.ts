/** What the link of an invite is at an instant: decided in SQL, by PostgreSQL's clock. */

/** "Private link, 10 days" (product rules, section 5). */
export const INVITE_DAYS = 10;

/** Days after a link's expiry for which files that were begun before may be finished and handed in. */
export const FINISHING_DAYS = 14;

/**
 * What a link opens: everything; nothing, since a newer one replaced it, or something was handed in
 * through it, or the portal is closed; or, once it has expired, only what was begun before.
 */
export type InviteLinkState = 'open' | 'superseded' | 'used_up' | 'closed' | 'expired';
/** A link that opens nothing new. */
export type DeadInviteLink = Exclude<InviteLinkState, 'open'>;

/** SQL over rows called `i` of `invites` and `p` of its `portals`: when the link stops opening anything. */
export const INVITE_EXPIRES_AT = `least(i.expires_at, p.expires_at)`;

/**
 * SQL over rows called `i` of `invites` and `p` of its `portals`: the state of its link of a generation.
 * The one predicate of everything that authorises, lists or counts.
 * @param generation SQL for the link's
 */
export function inviteStateSql(generation: string): string {
  return `(case
    when ${generation} <> i.link_generation then 'superseded'
    when i.spent_at is not null then 'used_up'
    when p.closed_at is not null then 'closed'
    when ${INVITE_EXPIRES_AT} <= clock_timestamp() then 'expired'
    else 'open'
  end)`;
}

/** SQL over rows called `i` and `p`: files that were begun before the link expired may be finished still. */
export const MAY_FINISH = `(i.spent_at is null and p.closed_at is null
  and ${INVITE_EXPIRES_AT} + interval '${FINISHING_DAYS * 24} hours' > clock_timestamp())`;
