/** The two ways to a run: slice by slice by the life, and at once by the operator's command. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { act } from '../act.ts';
import { parseWorkflowId, type WorkflowId } from '../lifecycle/life.ts';
import { reconciliationOf } from './begin-reconciliation.ts';
import type { Finding, Look, ReconcilingDeps } from './check.ts';
import { RECONCILE_EVERY } from './reconciliation-rule.ts';
import { advance, BEGINNING, endRun, NOTHING, type Position, type Totals } from './run.ts';

/** Steps that one slice takes: a minute or so where there is much to ask the engine. */
const MOST_STEPS = 50;

interface Run {
  readonly began: Date;
  readonly position: Position;
  readonly totals: Totals;
}

/**
 * One slice of the life: takes the next steps of the run that is due, and repairs what is safe to. Where
 * the run is through, the next one is due a day later.
 * @param now the workflow's clock
 * @returns whether a run was due
 */
export async function reconcileSlice(
  deps: ReconcilingDeps,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
): Promise<boolean> {
  const { entityId } = parseWorkflowId(workflowId);
  const em = deps.database.em.fork();
  const run = await beginRun(em, entityId, now);
  if (run === null) return false;
  const look: Look = { now, repair: true, actor: { kind: 'lifecycle', id: workflowId } };
  let { position, totals } = run;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    cancelled.throwIfAborted();
    const advanced = await advance(deps, { position, totals }, look);
    totals = advanced.totals;
    if (advanced.position === null) {
      await endRun(em, { began: run.began, now, totals });
      await em.execute(
        `update reconciliation set next_at = ?, began_at = null, position = null, totals = null
         where id = ? and began_at = ?`,
        [new Date(now.getTime() + RECONCILE_EVERY), entityId, run.began],
      );
      return true;
    }
    position = advanced.position;
    await em.execute(
      'update reconciliation set position = ?, totals = ? where id = ? and began_at = ?',
      [JSON.stringify(position), JSON.stringify(totals), entityId, run.began],
    );
  }
  return true;
}

/**
 * The run under way, or a new one; null where none is due. One that did not end within a day is begun
 * anew: a check that keeps failing, as where the store refuses, must not keep the others from their next.
 */
async function beginRun(em: EntityManager, id: string, now: Date): Promise<Run | null> {
  const yesterday = new Date(now.getTime() - RECONCILE_EVERY);
  const [row] = await em.execute<{ began_at: Date | string; position: Position; totals: Totals }[]>(
    `update reconciliation set began_at = case when began_at > ? then began_at else ? end,
       position = case when began_at > ? then position else ?::jsonb end,
       totals = case when began_at > ? then totals else ?::jsonb end
     where id = ? and next_at <= ? returning began_at, position, totals`,
    [
      ...[yesterday, now],
      ...[yesterday, JSON.stringify(BEGINNING)],
      ...[yesterday, JSON.stringify(NOTHING)],
      ...[id, now],
    ],
  );
  if (row === undefined) return null;
  return { began: new Date(row.began_at), position: row.position, totals: row.totals };
}

/** A whole run: what it looked at and what it found, repaired or not. */
export interface Reconciled {
  readonly totals: Totals;
  readonly findings: readonly Finding[];
}

/**
 * A whole run at once, beside the life's own if need be: what it notes is the same, and the life shows it
 * with its next turn.
 */
export async function reconcileNow(deps: ReconcilingDeps, look: Look): Promise<Reconciled> {
  const findings: Finding[] = [];
  let position: Position | null = BEGINNING;
  let totals = NOTHING;
  while (position !== null) {
    const advanced = await advance(deps, { position, totals }, look);
    findings.push(...advanced.findings);
    ({ position, totals } = advanced);
  }
  await act(deps, { actor: look.actor }, async ({ em, wake }) => {
    await endRun(em, { began: look.now, now: look.now, totals });
    const life = await reconciliationOf(em);
    if (life !== null) wake(life);
  });
  return { totals, findings };
}
