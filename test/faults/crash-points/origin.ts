/** Who causes an effect: the request or the activity in which it happens. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Context } from '@temporalio/activity';

const requests = new AsyncLocalStorage<string>();

/** Runs what a request causes. */
export function inRequest<T>(request: string, work: () => T): T {
  return requests.run(request, work);
}

/** `POST /api/v1/cases/:id/shares`, `turn of download-link`, or `background` for rounds. */
export function origin(): string {
  const request = requests.getStore();
  if (request !== undefined) return request;
  try {
    const { activityType, workflowExecution } = Context.current().info;
    return `${activityType} of ${workflowExecution?.workflowId.split(':')[0]}`;
  } catch {
    return 'background';
  }
}
