import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { taskQueueName } from '../../platform/temporal/names.ts';
import { registerSearchAttributes } from '../../platform/temporal/search-attributes.ts';
import { testServers } from './servers.ts';

/** Temporal for one test file, with task queues of its own. */
export interface TestTemporal {
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly taskQueuePrefix: string;
  readonly workflowBundle: { codePath: string };
  /** Lets the workflow's own clock run on by this much, its work done on the way. */
  fastForward(workflowId: string, milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function connectTemporal(): Promise<TestTemporal> {
  const { temporal, workflowBundle } = testServers();
  if (workflowBundle === undefined) throw new Error('the workflows were not bundled');
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const client = await Connection.connect({ address: temporal.address });
  const { namespace } = temporal;
  await registerSearchAttributes(client, namespace);
  const connection = await NativeConnection.connect({ address: temporal.address });
  return {
    client: new Client({ connection: client, namespace }),
    connection,
    taskQueuePrefix: `test-${randomUUID().slice(0, 8)}`,
    workflowBundle: { codePath: workflowBundle },
    async fastForward(workflowId, milliseconds) {
      const workflowExecution = { workflowId };
      const fastForwardId = randomUUID();
      await client.workflowService.updateWorkflowExecutionOptions({
        namespace,
        workflowExecution,
        workflowExecutionOptions: {
          timeSkippingConfig: {
            enabled: true,
            fastForwardConfig: {
              id: fastForwardId,
              duration: msToTs(milliseconds),
            },
          },
        },
        updateMask: { paths: ['time_skipping_config'] },
      });
      await client.workflowService.pollWorkflowExecutionTimeSkipping({
        namespace,
        workflowExecution,
        fastForwardId,
      });
    },
    async close() {
      await connection.close();
      await client.close();
    },
  };
}

/** Workers with activities that a test gives, run while the work lasts. */
export async function withActivities<T>(
  temporal: TestTemporal,
  activities: Readonly<Record<'lifecycle' | 'mail' | 'bytes', object>>,
  work: () => Promise<T>,
): Promise<T> {
  const workers = await Promise.all(
    (['lifecycle', 'mail', 'bytes'] as const).map((queue) =>
      Worker.create({
        connection: temporal.connection,
        namespace: testServers().temporal.namespace,
        taskQueue: taskQueueName(temporal.taskQueuePrefix, queue),
        activities: activities[queue],
        ...(queue === 'lifecycle' ? { workflowBundle: temporal.workflowBundle } : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await work();
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}
