/** What a copy is, as read: computed from its deliveries, never stored. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ShareId } from '../../ids.ts';

export const COPY_STATES = ['copying', 'delivered', 'updating', 'failed', 'cancelled'] as const;
export type CopyState = (typeof COPY_STATES)[number];

/**
 * SQL over a row called `shares`: the state of a copy. A failure or a cancellation counts from the moment
 * it is decided, while what was copied is still being removed.
 */
export const COPY_STATE = /* sql */ `(select case
    when d.state in ('waiting', 'copying') then 'copying'
    when d.state in ('failing', 'failed') then 'failed'
    when d.state in ('cancelling', 'cancelled') then 'cancelled'
    when exists (select 1 from copy_deliveries u where u.share_id = shares.id
      and u.state in ('waiting', 'copying')) then 'updating'
    else 'delivered' end
  from copy_deliveries d where d.share_id = shares.id and d.sequence = 1)`;

/** SQL over a row called `shares`: the id of the delivery that is under way, else the last one. */
export const CURRENT_DELIVERY = /* sql */ `(select d.id from copy_deliveries d where d.share_id = shares.id
  order by d.state in ('waiting', 'copying') desc,
    case when d.state in ('waiting', 'copying') then d.sequence else -d.sequence end limit 1)`;

/**
 * SQL over a row called `shares`: why the last delivery that was decided failed; null where it did not.
 */
export const COPY_FAILURE = /* sql */ `(select d.failure from copy_deliveries d
  where d.share_id = shares.id and d.state not in ('waiting', 'copying') order by d.sequence desc limit 1)`;

/** SQL over a delivery's id: bytes that were copied and read back, of those to be. */
export function deliveryProgress(delivery: string): string {
  return /* sql */ `(select json_build_object('unit', 'bytes',
    'done', coalesce(sum(case when i.proven_at is null then i.hash_offset else i.size end), 0),
    'total', coalesce(sum(i.size), 0)) from copy_items i where i.delivery_id = ${delivery})`;
}

/**
 * SQL over a row called `c`, a case: how many delivered copies of the entire case lack evidence that is
 * active in it now.
 */
export const COPIES_OUT_OF_DATE = /* sql */ `(select count(*) from shares s
  where s.case_id = c.id and s.method = 'copy' and s.scope = 'entire_case' and s.delivered_at is not null
    and exists (select 1 from case_evidence ce join evidence e on e.id = ce.evidence_id
      where ce.case_id = c.id and e.state = 'active' and not exists (
        select 1 from shared_evidence f where f.share_id = s.id and f.source_evidence_id = e.id)))`;

/** The state of a copy. @throws Error where there is no such copy */
export async function readCopyState(em: EntityManager, shareId: ShareId): Promise<CopyState> {
  const [row] = await em.execute<{ state: CopyState }[]>(
    `select ${COPY_STATE} as state from shares where id = ?`,
    [shareId],
  );
  if (row === undefined) throw new Error('there is no such copy');
  return row.state;
}
