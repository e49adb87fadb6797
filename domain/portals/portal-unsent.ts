import type { EntityManager } from '@mikro-orm/postgresql';
import type { PortalId } from '../ids.ts';

/**
 * Takes back what a portal's owner was to be told and no mail server has taken yet; gives the numbers of
 * those notices. One that is in the hands of a sender stays.
 */
export async function withdrawUnsentNotices(
  em: EntityManager,
  portalId: PortalId,
  now: Date,
): Promise<number[]> {
  const rows = await em.execute<{ sequence: number }[]>(
    `update notifications set state = 'cancelled', settled_at = ?
     where id in (select id from notifications
       where kind = 'submission-received' and subject_id = ? and state = 'pending'
       for update skip locked)
     returning sequence`,
    [now, portalId],
  );
  return rows.map(({ sequence }) => sequence);
}
