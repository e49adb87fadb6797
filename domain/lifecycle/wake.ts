import type { EntityManager } from '@mikro-orm/postgresql';
import { traceparent } from '../../platform/tracing.ts';
import type { Acting } from '../act.ts';
import type { CaseId, OrganizationId } from '../ids.ts';
import { type LifeKind, type WorkflowId, workflowIdOf } from './life.ts';

/** Names the life of an entity, enough to make its row. */
export interface LifeRef {
  readonly kind: LifeKind;
  readonly entityId: string;
  /** Null for a life of the whole installation. */
  readonly organizationId: OrganizationId | null;
  readonly caseId: CaseId | null;
}

/**
 * Says, in the transaction that changed the facts, that a life must plan anew. The row is what
 * counts: the poke after the commit only makes it quick.
 */
export async function wakeLife(em: EntityManager, life: LifeRef): Promise<void> {
  await em.execute(
    `insert into lifecycles (workflow_id, kind, entity_id, organization_id, case_id, wanted, wanted_at,
       trace_context)
     values (?, ?, ?, ?, ?, 1, clock_timestamp(), ?)
     on conflict (workflow_id) do update
     set wanted = lifecycles.wanted + 1, wanted_at = clock_timestamp(), sent_at = null, send_attempts = 0,
       trace_context = excluded.trace_context`,
    [
      workflowIdOf(life.kind, life.entityId),
      life.kind,
      life.entityId,
      life.organizationId,
      life.caseId,
      traceparent(),
    ],
  );
}

/**
 * Makes lives plan anew although nothing of theirs has changed: their workflows, or pokes, were lost.
 * That a life runs already, or is over, does no harm.
 */
export async function wakeAgain(
  { database, poke }: Acting,
  workflowIds: readonly WorkflowId[],
): Promise<void> {
  await database.em.fork().execute(
    `update lifecycles l set wanted = l.wanted + 1, wanted_at = clock_timestamp(), sent_at = null,
       send_attempts = 0
     from (select workflow_id from lifecycles
       where workflow_id in (select value from json_array_elements_text(?::json))
       order by workflow_id for update) as lost
     where l.workflow_id = lost.workflow_id`,
    [JSON.stringify(workflowIds)],
  );
  for (const workflowId of workflowIds) poke(workflowId);
}
