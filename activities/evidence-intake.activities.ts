import { tidyUploads } from '../domain/evidence/intake/tidy-uploads.ts';
import { verifyUploads } from '../domain/evidence/intake/verify-uploads.ts';
import type { WorkflowId } from '../domain/lifecycle/life.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { withoutData } from './without-data.ts';

export function createIntakeActivities(deps: ActivityDeps) {
  return {
    /** Reads back the next uploads that were completed; `now` is the workflow's clock. */
    async verifyUploads(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'verifyUploads', workflowId }, async () =>
        heartbeating((cancelled) => verifyUploads(deps, workflowId, new Date(now), cancelled)),
      );
    },

    /** Removes what the store has of uploads that were refused; `now` is the workflow's clock. */
    async tidyUploads(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'tidyUploads', workflowId }, async () =>
        heartbeating((cancelled) => tidyUploads(deps, workflowId, new Date(now), cancelled)),
      );
    },
  };
}
