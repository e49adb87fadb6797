/** What a download link is at an instant: a rule over stored instants, here and in SQL. */

export const LINK_STATES = [
  'preparing',
  'active',
  'expired',
  'revoked',
  'used_up',
  'failed',
] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** The states in which a link opens nothing and never will again. */
export type DeadState = Exclude<LinkState, 'preparing' | 'active'>;

/** What the state of a link follows from. */
export interface LinkFacts {
  readonly failedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly activatedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly downloadLimit: number | null;
  /** Sessions that asked for bytes. */
  readonly sessions: number;
}

/**
 * The state of a link as it is read (product rules, section 3). Whether it opens is decided by
 * `LINK_STATE` in PostgreSQL: this is the same rule for showing and planning.
 */
export function linkState(link: LinkFacts, now: Date): LinkState {
  if (link.failedAt !== null) return 'failed';
  if (link.revokedAt !== null) return 'revoked';
  if (link.activatedAt === null) return 'preparing';
  if (link.expiresAt !== null && link.expiresAt <= now) return 'expired';
  if (link.downloadLimit !== null && link.sessions >= link.downloadLimit) return 'used_up';
  return 'active';
}

/**
 * SQL over a row called `shares`: a session that was counted may have its bytes. The one predicate of
 * everything that authorises, lists or counts; the database's clock decides.
 */
export const LINK_ALIVE = `(
  shares.failed_at is null and shares.revoked_at is null and shares.activated_at is not null
  and shares.expires_at > clock_timestamp()
)`;

/** SQL over a row called `shares`: its sessions that asked for bytes. */
export const SESSIONS_COUNTED = `(
  select count(*) from download_sessions counted
  where counted.share_id = shares.id and counted.counted_at is not null
)`;

/** SQL over a row called `shares`: its `LinkState`, as `linkState` has it. */
export const LINK_STATE = `(
  case
    when ${LINK_ALIVE} then
      case when shares.download_limit <= ${SESSIONS_COUNTED} then 'used_up' else 'active' end
    when shares.failed_at is not null then 'failed'
    when shares.revoked_at is not null then 'revoked'
    when shares.activated_at is null then 'preparing'
    else 'expired'
  end
)`;
