import { Context } from '@temporalio/activity';
import { tidyUploads } from '../domain/evidence/tidy-uploads.ts';
import { type SliceControl, verifyUploads } from '../domain/evidence/verify-uploads.ts';
import type { WorkflowId } from '../domain/lifecycle/life.ts';
import type { ActivityDeps } from './deps.ts';
import { withoutData } from './without-data.ts';

/** Milliseconds between two heartbeats at least: signs of life come with every chunk that is read. */
const HEARTBEAT_EVERY = 2_000;

export function createIntakeActivities(deps: ActivityDeps) {
  return {
    /** Reads back the next uploads that were completed; `now` is the workflow's clock. */
    async verifyUploads(workflowId: WorkflowId, now: number): Promise<void> {
      await withoutData(deps.logger, { activity: 'verifyUploads', workflowId }, async () =>
        verifyUploads(deps, workflowId, new Date(now), sliceControl()),
      );
    },

    /** Removes what the store has of uploads that were refused; `now` is the workflow's clock. */
    async tidyUploads(workflowId: WorkflowId, now: number): Promise<void> {
      await withoutData(deps.logger, { activity: 'tidyUploads', workflowId }, async () =>
        tidyUploads(deps, workflowId, new Date(now), sliceControl()),
      );
    },
  };
}

function sliceControl(): SliceControl {
  const context = Context.current();
  let last = 0;
  return {
    cancelled: context.cancellationSignal,
    onProgress() {
      const now = performance.now();
      if (now - last < HEARTBEAT_EVERY) return;
      last = now;
      context.heartbeat();
    },
  };
}
