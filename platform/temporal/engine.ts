import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Engine, RunningPage } from '../../domain/reconciliation/engine.ts';
import { POKE, taskQueueName } from './names.ts';

/** Workflows on one page of a list. */
const PAGE = 500;

/** Milliseconds from one list to the next: servers allow ten a second, for everybody. */
const BETWEEN_LISTS = 200;

/** Asks Temporal what runs. Lists are asked for at a pace that leaves most of them to operators. */
export function temporalEngine({
  client,
  taskQueuePrefix,
  betweenLists = BETWEEN_LISTS,
}: {
  readonly client: Client;
  readonly taskQueuePrefix: string;
  /** Milliseconds. */
  readonly betweenLists?: number;
}): Engine {
  const taskQueue = taskQueueName(taskQueuePrefix, 'lifecycle');
  const here = `ExecutionStatus = "Running" AND TaskQueue = ${quoted(taskQueue)}`;
  let nextList = 0;

  async function list(query: string, after: string | null): Promise<RunningPage> {
    const wait = nextList - performance.now();
    nextList = Math.max(nextList, performance.now()) + betweenLists;
    if (wait > 0) await pause(wait);
    const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      query,
      pageSize: PAGE,
      ...(after === null ? {} : { nextPageToken: Buffer.from(after, 'base64') }),
    });
    return {
      workflowIds: executions.flatMap(({ execution }) => execution?.workflowId ?? []),
      next: nextPageToken.length === 0 ? null : Buffer.from(nextPageToken).toString('base64'),
    };
  }

  return {
    async runningAmong(workflowIds) {
      const named = workflowIds.map(quoted).join(', ');
      const { workflowIds: found } = await list(`${here} AND WorkflowId IN (${named})`, null);
      return new Set(found);
    },
    running: async (after) => list(here, after),
    async placeOf(workflowId) {
      try {
        const { status, taskQueue: queue } = await client.workflow.getHandle(workflowId).describe();
        if (status.name !== 'RUNNING') return 'nowhere';
        return queue === taskQueue ? 'here' : 'elsewhere';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'nowhere';
        throw error;
      }
    },
    async pokeRunning(workflowId) {
      try {
        await client.workflow.getHandle(workflowId).signal(POKE);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
