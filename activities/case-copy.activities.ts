import type { WorkflowId } from '../domain/lifecycle/life.ts';
import { copyFiles } from '../domain/sharing/case-copy/copy-files.ts';
import { tidyCopies } from '../domain/sharing/case-copy/tidy-copies.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { withoutData } from './without-data.ts';

export function createCopyActivities(deps: ActivityDeps) {
  return {
    /** Copies the next files of a copy and reads them back; `now` is the workflow's clock. */
    async copyFiles(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'copyFiles', workflowId }, async () =>
        heartbeating((cancelled) => copyFiles(deps, workflowId, new Date(now), cancelled)),
      );
    },

    /** Removes what copies left in the store that nobody was given; `now` is the workflow's clock. */
    async tidyCopies(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'tidyCopies', workflowId }, async () =>
        heartbeating((cancelled) => tidyCopies(deps, workflowId, new Date(now), cancelled)),
      );
    },
  };
}
