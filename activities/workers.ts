import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Database } from '../platform/database.ts';
import { taskQueueName } from '../platform/temporal/names.ts';
import { activitySpans } from './activity-spans.ts';
import { HEARTBEAT_EVERY } from './heartbeating.ts';
import type { createActivities } from './index.ts';

/** Turns at once: each holds a connection to PostgreSQL for a moment. */
const TURNS = 16;
/** Lives that send mail at once: a mail server that hangs must not be asked more. */
const MAILS = 4;
/** Slices of heavy work at once; each works on several objects. */
const SLICES = 2;
/** Workflows kept in memory, about a megabyte each; a life that sleeps costs nothing once evicted. */
const CACHED_WORKFLOWS = 200;
/**
 * How long one activation of a workflow may take. A life that was poked 10,000 times while nobody read it
 * takes two seconds of a processor at once; on a busy machine the SDK's own limit of five seconds failed
 * that task again and again, and the life stood still. The SDK takes this option, but its type hides it.
 */
const ACTIVATION = { isolateExecutionTimeout: '30 seconds' };
/** How long activities may take to notice that the worker stops. */
const GRACE = '10 seconds';

/** The workers of the three task queues; workflows run on `lifecycle` only. */
export async function createWorkers(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueuePrefix: string;
  activities: ReturnType<typeof createActivities>;
  /** Where lives keep what woke them, for traces. */
  database: Database;
  workflows: { workflowsPath: string } | { workflowBundle: WorkflowBundleOption };
}): Promise<Worker[]> {
  const activity = [activitySpans(options.database)];
  const common = {
    connection: options.connection,
    namespace: options.namespace,
    shutdownGraceTime: GRACE,
    // By itself the SDK keeps signs of life back for four fifths of the time limit: one late call to a slow
    // Temporal, and the work begins again beside itself; and work hears late that it is wanted no more.
    maxHeartbeatThrottleInterval: HEARTBEAT_EVERY,
    interceptors: { activity },
  };
  return Promise.all([
    Worker.create({
      ...common,
      ...ACTIVATION,
      ...options.workflows,
      taskQueue: taskQueueName(options.taskQueuePrefix, 'lifecycle'),
      activities: options.activities.lifecycle,
      maxConcurrentActivityTaskExecutions: TURNS,
      maxCachedWorkflows: CACHED_WORKFLOWS,
    }),
    Worker.create({
      ...common,
      taskQueue: taskQueueName(options.taskQueuePrefix, 'mail'),
      activities: options.activities.mail,
      maxConcurrentActivityTaskExecutions: MAILS,
    }),
    Worker.create({
      ...common,
      taskQueue: taskQueueName(options.taskQueuePrefix, 'bytes'),
      activities: options.activities.bytes,
      maxConcurrentActivityTaskExecutions: SLICES,
    }),
  ]);
}
