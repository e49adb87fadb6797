/** Rows without workflow: lives that should run, and do not. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { WorkflowId } from '../lifecycle/life.ts';
import { wakeAgain } from '../lifecycle/wake.ts';
import type { Finding, Look, ReconcilingDeps, Step } from './check.ts';

/** Rows that one step reads: as many as one question to the engine's list may name. */
const ROWS = 100;

/**
 * A life that is not over and that nobody is on the way to: a command that has just committed, or the
 * relay, pokes by itself, and a workflow is there a moment later.
 */
const SHOULD_RUN = `(not ended or planned < wanted)
  and not (planned < wanted and wanted_at > clock_timestamp() - interval '2 minutes')
  and (sent_at is null or sent_at < clock_timestamp() - interval '2 minutes')`;

interface Row {
  workflow_id: WorkflowId;
  organization_id: string | null;
}

/**
 * Finds lives whose row says that they go on while Temporal has no open workflow, or has it on a queue
 * that this installation does not serve. Repair: the life is woken; a queue is for people to look at.
 */
export async function checkLives(
  deps: ReconcilingDeps,
  after: string | null,
  look: Look,
): Promise<Step> {
  const em = deps.database.em.fork();
  const rows = await em.execute<Row[]>(
    `select workflow_id, organization_id from lifecycles
     where workflow_id > ? and ${SHOULD_RUN} order by workflow_id limit ${ROWS}`,
    [after ?? ''],
  );
  const last = rows.at(-1);
  if (last === undefined) return { next: null, checked: 0, findings: [] };
  const running = await deps.engine.runningAmong(rows.map((row) => row.workflow_id));
  const missing = rows.filter((row) => !running.has(row.workflow_id));
  const findings: Finding[] = [];
  for (const row of missing) {
    const place = await deps.engine.placeOf(row.workflow_id);
    if (place === 'here' || !(await shouldStillRun(em, row.workflow_id))) continue;
    findings.push({
      kind: 'life-without-workflow',
      subject: row.workflow_id,
      organizationId: row.organization_id,
      detail: place === 'nowhere' ? 'no workflow' : 'its workflow is on another task queue',
      repaired: look.repair && place === 'nowhere',
    });
  }
  const repaired = findings.filter((finding) => finding.repaired);
  if (repaired.length > 0) {
    await wakeAgain(
      deps,
      repaired.map(({ subject }) => subject as WorkflowId),
    );
  }
  return {
    next: rows.length < ROWS ? null : last.workflow_id,
    checked: rows.length,
    findings,
  };
}

/** A life may have come to its end while the engine was asked. */
async function shouldStillRun(em: EntityManager, workflowId: WorkflowId): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select 1 from lifecycles where workflow_id = ? and ${SHOULD_RUN}`,
    [workflowId],
  );
  return rows.length > 0;
}
