/** What a link of an upload request is at an instant: decided in SQL, by PostgreSQL's clock. */

/** "14 days" (product rules, section 4): how long a link lives unless it is extended. */
export const LINK_DAYS = 14;

/** Days after a link's expiry for which an upload that was begun before may be finished. */
export const FINISHING_DAYS = 14;

/** Days that the link to a closed request's activity log lives. */
export const LOG_LINK_DAYS = 30;

/** States of a request, as staff see it; expiry is its link’s affair. */
export const REQUEST_STATES = ['sent', 'uploading', 'closed'] as const;

/** What a link opens: everything; what was begun before; nothing, since another one replaced it or all is over. */
export type RequestLinkState = 'open' | 'expired' | 'superseded' | 'closed';
/** A link that does not open its request. */
export type DeadRequestLink = Exclude<RequestLinkState, 'open'>;

/**
 * SQL over a row called `r` of `upload_requests`: the state of its link of a generation. The one
 * predicate of everything that authorises, lists or counts.
 * @param generation SQL for the link's
 */
export function linkStateSql(generation: string): string {
  return `(case
    when r.closed_at is not null then 'closed'
    when ${generation} <> r.link_generation then 'superseded'
    when r.expires_at <= clock_timestamp() then 'expired'
    else 'open'
  end)`;
}

/** SQL over a row called `r`: uploads that were begun before its link expired may be finished still. */
export const MAY_FINISH = `(r.closed_at is null
  and r.expires_at + interval '${FINISHING_DAYS * 24} hours' > clock_timestamp())`;

/** SQL over a row called `r`: what staff see of the request. */
export const REQUEST_STATE = `(case
  when r.closed_at is not null then 'closed'
  when r.first_completed_at is not null then 'uploading'
  else 'sent'
end)`;
