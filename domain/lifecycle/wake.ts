import type { EntityManager } from '@mikro-orm/postgresql';
import { traceparent } from '../../platform/tracing.ts';
import type { CaseId, OrganizationId } from '../ids.ts';
import { type LifeKind, workflowIdOf } from './life.ts';

/** Names the life of an entity, enough to make its row. */
export interface LifeRef {
  readonly kind: LifeKind;
  readonly entityId: string;
  readonly organizationId: OrganizationId;
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
