/** Recalculation in the background, where a change touches more evidence than one request can wait for. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { type Act, type Acting, act } from '../act.ts';
import type { CategoryId, EvidenceId, OrganizationId } from '../ids.ts';
import { parseWorkflowId, type WorkflowId } from '../lifecycle/life.ts';
import { recalculateDates } from './recalculate.ts';
import { retentionLifeOf } from './retention-life-ref.ts';

/** Evidence of one transaction, so that nobody waits long for its locks. */
const BATCH = 200;

/** Evidence of one slice. */
const MOST = 2_000;

/**
 * Has the dates of all evidence of a category, or of the organization, worked out anew by its life. Until
 * that is done nothing is deleted too early: whoever queues evidence works its date out at that moment.
 */
export async function requestRecalculation(
  act: Act,
  organizationId: OrganizationId,
  categoryId: CategoryId | null,
): Promise<void> {
  await act.em.execute(
    'insert into retention_recalculations (id, organization_id, category_id) values (?, ?, ?)',
    [v7(), organizationId, categoryId],
  );
  act.wake(retentionLifeOf(organizationId));
}

/**
 * One slice: up to 2,000 pieces of evidence of the request that came first. How far it came is noted
 * with each batch.
 * @returns whether there was anything to work out
 */
export async function recalculateSlice(
  deps: Acting,
  workflowId: WorkflowId,
  cancelled: AbortSignal,
): Promise<boolean> {
  const { entityId } = parseWorkflowId(workflowId);
  let did = false;
  for (let done = 0; done < MOST; done += BATCH) {
    cancelled.throwIfAborted();
    const actor = { kind: 'lifecycle', id: workflowId } as const;
    if (!(await act(deps, { actor }, ({ em }) => recalculateBatch(em, entityId)))) return did;
    did = true;
  }
  return true;
}

interface RequestRow {
  id: string;
  category_id: CategoryId | null;
  after_evidence_id: EvidenceId | null;
}

async function recalculateBatch(em: EntityManager, organizationId: string): Promise<boolean> {
  const [request] = await em.execute<RequestRow[]>(
    `select id, category_id, after_evidence_id from retention_recalculations
     where organization_id = ? order by id limit 1 for update`,
    [organizationId],
  );
  if (request === undefined) return false;
  const ids = await nextEvidence(em, organizationId, request);
  await recalculateDates(em, ids);
  const last = ids.at(-1);
  if (last === undefined || ids.length < BATCH) {
    await em.execute('delete from retention_recalculations where id = ?', [request.id]);
  } else {
    await em.execute('update retention_recalculations set after_evidence_id = ? where id = ?', [
      last,
      request.id,
    ]);
  }
  return true;
}

async function nextEvidence(
  em: EntityManager,
  organizationId: string,
  { category_id: categoryId, after_evidence_id: after }: RequestRow,
): Promise<EvidenceId[]> {
  const rows =
    categoryId === null
      ? await em.execute<{ id: EvidenceId }[]>(
          `select id from evidence where organization_id = ? and (?::uuid is null or id > ?)
           order by id limit ?`,
          [organizationId, after, after, BATCH],
        )
      : await em.execute<{ id: EvidenceId }[]>(
          `select evidence_id as id from evidence_categories
           where category_id = ? and (?::uuid is null or evidence_id > ?) order by evidence_id limit ?`,
          [categoryId, after, after, BATCH],
        );
  return rows.map(({ id }) => id);
}
