import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { BytesActivities, MailActivities } from '../activities/index.ts';
import { SLICE_OPTIONS } from './lifecycle.ts';

/** The task queue beside this workflow's own: `casebridge-lifecycle` gives `casebridge-bytes`. */
function beside(queue: 'mail' | 'bytes'): string {
  return workflowInfo().taskQueue.replace(/lifecycle$/, queue);
}

/** Sends what mail is due, one after the other; a hanging mail server holds up nothing else. */
export function mailActivities() {
  return proxyActivities<MailActivities>({
    ...SLICE_OPTIONS,
    startToCloseTimeout: '10 minutes',
    taskQueue: beside('mail'),
    summary: 'send the mail that is due',
  });
}

/** Reads and tidies bytes. */
export function bytesActivities() {
  return proxyActivities<BytesActivities>({ ...SLICE_OPTIONS, taskQueue: beside('bytes') });
}
