import type { WorkflowId } from '../domain/lifecycle/life.ts';
import { reconcileSlice } from '../domain/reconciliation/reconcile.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { withoutData } from './without-data.ts';

export function createReconciliationActivities(deps: ActivityDeps) {
  return {
    /** Takes the next steps of a run that compares rows, Temporal and the store; `now` is the workflow's clock. */
    async reconcile(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'reconcile', workflowId }, async () =>
        heartbeating((cancelled) => reconcileSlice(deps, workflowId, new Date(now), cancelled)),
      );
    },
  };
}
