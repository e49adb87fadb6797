import type { WorkflowId } from '../domain/lifecycle/life.ts';
import { deliverMail } from '../domain/notifications/deliver.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { withoutData } from './without-data.ts';

export function createMailActivities(deps: ActivityDeps) {
  return {
    /** Sends the mail of a life that is due; `now` is the workflow's clock. */
    async sendMail(workflowId: WorkflowId, now: number): Promise<boolean> {
      return withoutData(deps.logger, { activity: 'sendMail', workflowId }, async () =>
        heartbeating((cancelled) => deliverMail(deps, workflowId, new Date(now), cancelled)),
      );
    },
  };
}
