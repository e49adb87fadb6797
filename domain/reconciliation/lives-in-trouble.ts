import type { EntityManager } from '@mikro-orm/postgresql';

/** A life that is late, or that says itself that it needs somebody. */
export interface TroubledLife {
  readonly kind: 'life-overdue' | 'life-attention';
  readonly subject: string;
  readonly organizationId: string | null;
  readonly detail: string;
}

/** Lives that are read at most. */
const MOST = 1_000;

/**
 * Lives that nothing planned for five minutes after they should have, and lives with attention; where that
 * of reconciliation speaks of its findings only, a report says them anyway.
 */
export async function livesInTrouble(em: EntityManager): Promise<TroubledLife[]> {
  return em.execute<TroubledLife[]>(
    `select 'life-overdue' as kind, workflow_id as subject, organization_id as "organizationId",
       'waits for ' || coalesce(waiting_for, 'its first turn') as detail
     from lifecycles
     where wake_at < clock_timestamp() - interval '5 minutes'
       or (planned < wanted and wanted_at < clock_timestamp() - interval '5 minutes')
     union all
     select 'life-attention', workflow_id, organization_id, attention from lifecycles
     where attention is not null
       and not (kind = 'reconciliation' and starts_with(attention, 'reconciliation found '))
     order by 1, 2 limit ${MOST}`,
  );
}
