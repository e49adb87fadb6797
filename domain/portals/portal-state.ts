/** What portals and invites are at an instant: decided in SQL, by PostgreSQL's clock. */
import { INVITE_EXPIRES_AT } from './invites/invite-state.ts';

/** States of a portal, as they are shown; they are derived, and stored nowhere. */
export const PORTAL_STATUSES = ['open', 'closed', 'expired', 'pending_triage'] as const;
export type PortalStatus = (typeof PORTAL_STATUSES)[number];

/** SQL over a row called `p` of `portals`: files that were handed in wait for a decision. */
const HAS_PENDING = `exists (select from submissions ps
  join submission_files pf on pf.submission_id = ps.id
  where ps.portal_id = p.id and pf.decision is null)`;

/**
 * SQL over a row called `p` of `portals`: its end has come. One for one person without an end of its own
 * ends with the newest invite, unless something was handed in through it.
 */
const PORTAL_EXPIRED = `(coalesce(p.expires_at <= clock_timestamp(), false)
  or (p.kind = 'individual' and p.expires_at is null and coalesce(
    (select ni.spent_at is null and ni.expires_at <= clock_timestamp() from invites ni
     where ni.portal_id = p.id order by ni.id desc limit 1), false)))`;

/** SQL over a row called `p` of `portals`: its status. The one expression of everything that shows it. */
export const PORTAL_STATUS = `(case
  when ${HAS_PENDING} then 'pending_triage'
  when p.closed_at is not null then 'closed'
  when ${PORTAL_EXPIRED} then 'expired'
  else 'open'
end)`;

/** States of an invite, as staff see it. */
export const INVITE_STATUSES = ['sent', 'submitted', 'closed', 'expired'] as const;
export type InviteStatus = (typeof INVITE_STATUSES)[number];

/** SQL over rows called `i` of `invites` and `p` of its `portals`: what staff see of the invite. */
export const INVITE_STATUS = `(case
  when i.spent_at is not null then 'submitted'
  when p.closed_at is not null then 'closed'
  when ${INVITE_EXPIRES_AT} <= clock_timestamp() then 'expired'
  else 'sent'
end)`;
