import type { WorkflowId } from '../domain/lifecycle/life.ts';
import { destroyDue } from '../domain/retention/destroy-objects.ts';
import { takeInventory } from '../domain/retention/inventory.ts';
import { lookAtDue } from '../domain/retention/look.ts';
import { recalculateSlice } from '../domain/retention/recalculation-requests.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { withoutData } from './without-data.ts';

export function createRetentionActivities(deps: ActivityDeps) {
  return {
    /** Works out anew when evidence is queued, where a category or a setting has changed. */
    async recalculateRetention(workflowId: WorkflowId): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'recalculateRetention', workflowId }, async () =>
        heartbeating((cancelled) => recalculateSlice(deps, workflowId, cancelled)),
      );
    },

    /** Looks at the evidence that is due; `now` is the workflow's clock. */
    async lookAtDue(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'lookAtDue', workflowId }, async () =>
        heartbeating((cancelled) => lookAtDue(deps, workflowId, new Date(now), cancelled)),
      );
    },

    /** Destroys what was decided to be destroyed; `now` is the workflow's clock. */
    async destroyDue(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'destroyDue', workflowId }, async () =>
        heartbeating((cancelled) => destroyDue(deps, workflowId, new Date(now), cancelled)),
      );
    },

    /** Compares the next part of the store with the rows; `now` is the workflow's clock. */
    async takeInventory(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'takeInventory', workflowId }, async () =>
        heartbeating((cancelled) => takeInventory(deps, workflowId, new Date(now), cancelled)),
      );
    },
  };
}
