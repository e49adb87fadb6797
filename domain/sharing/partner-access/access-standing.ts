/** What partner access is to somebody, as the pages for recipients need to know it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccessLinkId, ShareId, UserId } from '../../ids.ts';
import { ACCESS_OPEN, ACCESS_STATE, type AccessState, IS_RECIPIENT } from './access-grant.ts';

/**
 * `open`; or how it ended for somebody who would have it still; or `unknown`, for whoever it does not name,
 * which looks the same as what is not there.
 */
export type AccessStanding = 'open' | 'expired' | 'revoked' | 'unknown';

interface StandingRow {
  open: boolean;
  named: boolean;
  state: AccessState;
}

const STANDING = `select ${ACCESS_OPEN} as open, ${IS_RECIPIENT} as named, ${ACCESS_STATE} as state`;

/** What a share is to a user at this moment. */
export async function accessStanding(
  em: EntityManager,
  shareId: ShareId,
  userId: UserId,
): Promise<AccessStanding> {
  const [row] = await em.execute<StandingRow[]>(
    `${STANDING} from shares join users u on u.id = ?
     where shares.id = ? and shares.method = 'partner_access'`,
    [userId, shareId],
  );
  return row?.named ? standingOf(row) : 'unknown';
}

/**
 * What a share is to whoever its link was mailed to. Who holds the link may know that it opened something
 * once.
 */
export async function linkStanding(
  em: EntityManager,
  linkId: AccessLinkId,
): Promise<Exclude<AccessStanding, 'unknown'>> {
  const [row] = await em.execute<StandingRow[]>(
    `${STANDING} from share_access_links link join shares on shares.id = link.share_id
     join users u on u.id = link.user_id where link.id = ? and link.ended_at is null`,
    [linkId],
  );
  return row?.named ? standingOf(row) : 'revoked';
}

/** A direction that is closed for now withdraws too, for whoever stands before the door. */
function standingOf({ open, state }: StandingRow): Exclude<AccessStanding, 'unknown'> {
  if (open) return 'open';
  return state === 'expired' ? 'expired' : 'revoked';
}
