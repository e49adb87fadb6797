import { Context } from '@temporalio/activity';
import type { WorkflowId } from '../domain/lifecycle/life.ts';
import { deliverMail } from '../domain/notifications/deliver.ts';
import type { ActivityDeps } from './deps.ts';
import { withoutData } from './without-data.ts';

export function createMailActivities(deps: ActivityDeps) {
  return {
    /** Sends the mail of a life that is due; `now` is the workflow's clock. */
    async sendMail(workflowId: WorkflowId, now: number): Promise<void> {
      const context = Context.current();
      await withoutData(deps.logger, { activity: 'sendMail', workflowId }, async () =>
        deliverMail(deps, workflowId, new Date(now), {
          cancelled: context.cancellationSignal,
          onProgress: () => context.heartbeat(),
        }),
      );
    },
  };
}
