/** Workflows without row, as there are when PostgreSQL was restored from an older backup. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isWorkflowId } from '../lifecycle/life.ts';
import type { Finding, Look, ReconcilingDeps, Step } from './check.ts';

/**
 * Finds workflows that run on this installation's queue and have no row. Repair: a poke, and no end by
 * force: the turn that follows finds no row, does nothing and ends the workflow, and it is done by a
 * worker that reads the database which this workflow belongs to. What has no id of a life is for people.
 */
export async function checkWorkflows(
  deps: ReconcilingDeps,
  after: string | null,
  look: Look,
): Promise<Step> {
  const em = deps.database.em.fork();
  const page = await deps.engine.running(after);
  const findings: Finding[] = [];
  // A workflow is started after its row is committed, and rows stay: one that is listed has its row.
  for (const workflowId of await withoutRow(em, page.workflowIds)) {
    if ((await deps.engine.placeOf(workflowId)) !== 'here') continue;
    const isLife = isWorkflowId(workflowId);
    const repaired = look.repair && isLife;
    if (repaired) await deps.engine.pokeRunning(workflowId);
    findings.push({
      kind: 'workflow-without-row',
      subject: workflowId,
      organizationId: null,
      detail: isLife ? 'no row' : 'no row, and not the id of a life',
      repaired,
    });
  }
  return { next: page.next, checked: page.workflowIds.length, findings };
}

async function withoutRow(em: EntityManager, workflowIds: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select listed.id from json_array_elements_text(?::json) as listed (id)
     where not exists (select from lifecycles l where l.workflow_id = listed.id)`,
    [JSON.stringify(workflowIds)],
  );
  return rows.map(({ id }) => id);
}
