/** What Temporal knows of a world's lives, and how it is told of a killed worker. */
import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { parseWorkflowId } from '../../../domain/lifecycle/life.ts';
import { POKE, taskQueueName, workflowTypeOf } from '../../../platform/temporal/names.ts';
import { testServers } from '../../support/servers.ts';

export interface Engine {
  /** Whether nothing of a life is under way: it sleeps, or has ended. */
  isAsleep(workflowId: string): Promise<boolean>;
  /**
   * Fails the attempts that killed workers have taken, and forgets which worker had the life in its memory.
   * Temporal notices both by itself, after 30 seconds without an answer or 20 without a heartbeat.
   */
  noticeKilled(workflowId: string, pids: ReadonlySet<number>): Promise<void>;
  poke(workflowId: string): Promise<void>;
  /** Ends what still sleeps. */
  end(workflowId: string): Promise<void>;
  close(): Promise<void>;
}

export async function connectEngine(taskQueuePrefix: string): Promise<Engine> {
  const { address, namespace } = testServers().temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const { workflowService } = client;
  const describe = async (workflowId: string) =>
    client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => null);
  return {
    async isAsleep(workflowId) {
      const raw = (await describe(workflowId))?.raw;
      if (raw === undefined) return false;
      return (raw.pendingActivities ?? []).length === 0 && raw.pendingWorkflowTask == null;
    },
    async noticeKilled(workflowId, pids) {
      const raw = (await describe(workflowId))?.raw;
      for (const { state, activityId, lastWorkerIdentity } of raw?.pendingActivities ?? []) {
        const pid = Number(lastWorkerIdentity?.split('@')[0]);
        if (
          state !== temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED ||
          !pids.has(pid) ||
          activityId == null
        )
          continue;
        await workflowService
          .respondActivityTaskFailedById({
            namespace,
            workflowId,
            activityId,
            failure: { message: 'killed', applicationFailureInfo: { type: 'WorkerKilled' } },
          })
          .catch(() => undefined);
      }
      if (raw?.pendingWorkflowTask == null) return;
      await workflowService
        .resetStickyTaskQueue({ namespace, execution: { workflowId } })
        .catch(() => undefined);
    },
    async poke(workflowId) {
      await client.workflow.signalWithStart(workflowTypeOf(parseWorkflowId(workflowId).kind), {
        workflowId,
        taskQueue: taskQueueName(taskQueuePrefix, 'lifecycle'),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        signal: POKE,
      });
    },
    async end(workflowId) {
      await client.workflow
        .getHandle(workflowId)
        .terminate()
        .catch(() => undefined);
    },
    close: () => connection.close(),
  };
}
