import type { EntityManager } from '@mikro-orm/postgresql';
import type { WorkflowId } from './life.ts';

/** Rows that one round of the relay claims at most. */
const BATCH = 100;

/** Lives that nobody has heard of, but for those that were offered a moment ago. */
const FORGOTTEN = `((planned < wanted and wanted_at < clock_timestamp() - interval '2 seconds')
    or wake_at < clock_timestamp() - interval '10 seconds')
  and (sent_at is null or sent_at < clock_timestamp() - case send_attempts
    when 0 then interval '0' when 1 then interval '30 seconds' when 2 then interval '2 minutes'
    when 3 then interval '10 minutes' else interval '1 hour' end)`;

/** Whether there is anything to claim. */
export async function areLivesForgotten(em: EntityManager): Promise<boolean> {
  const rows = await em.execute<unknown[]>(`select 1 from lifecycles where ${FORGOTTEN} limit 1`);
  return rows.length > 0;
}

/**
 * Claims the lives that nobody has heard of: a command committed and no turn has planned since, or
 * the instant to wake at is past. It reads only the rows, never Temporal, so it finds the lives of
 * an engine that was wiped just as those whose poke was lost. A claimed life is offered again after
 * 30 s, 2 min, 10 min, then hourly, until a turn plans.
 */
export async function claimForgottenLives(em: EntityManager): Promise<WorkflowId[]> {
  const rows = await em.execute<{ workflow_id: WorkflowId }[]>(
    `update lifecycles set sent_at = clock_timestamp(), send_attempts = send_attempts + 1
     where workflow_id in (
       select workflow_id from lifecycles where ${FORGOTTEN}
       order by coalesce(wake_at, wanted_at)
       limit ${BATCH}
       for update skip locked)
     returning workflow_id`,
  );
  return rows.map((row) => row.workflow_id);
}
