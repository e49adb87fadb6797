/** Proxies for long work: on queues of its own, in slices that heartbeat and can be cancelled. */
import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { BytesActivities, MailActivities } from '../activities/index.ts';
import { WORK_DESCRIBED } from '../domain/lifecycle/described.ts';
import type { LifeKind, WorkOf } from '../domain/lifecycle/life.ts';
import { taskQueueBeside } from '../platform/temporal/names.ts';

const SLICE_OPTIONS = {
  // Slices are minutes long. An object too large for that is worked on by itself for hours; it goes
  // on from what its row has noted, so that no attempt has to hold out to the end.
  startToCloseTimeout: '2 hours',
  // A slice gives a sign of life every five seconds; a worker that was killed is noticed this late.
  heartbeatTimeout: '20 seconds',
  // A worker that is killed or told to stop costs an attempt, so there are many; then the life shows
  // attention, since an object may be what kills them, but rests only where the work itself failed.
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 20 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** Sends what mail is due, one after the other; a hanging mail server holds up nothing else. */
export function mailActivities() {
  return proxyActivities<MailActivities>({
    ...SLICE_OPTIONS,
    startToCloseTimeout: '10 minutes',
    taskQueue: taskQueueBeside(workflowInfo().taskQueue, 'mail'),
    summary: WORK_DESCRIBED.mail,
  });
}

/** The activities of heavy work; operators read what this work does. */
export function bytesActivities(work: WorkOf<LifeKind>) {
  return proxyActivities<BytesActivities>({
    ...SLICE_OPTIONS,
    taskQueue: taskQueueBeside(workflowInfo().taskQueue, 'bytes'),
    summary: WORK_DESCRIBED[work],
  });
}
