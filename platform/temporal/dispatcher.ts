import {
  type Client,
  isGrpcServiceError,
  ServiceError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { detailsAtStart, LIVES_DESCRIBED } from '../../domain/lifecycle/described.ts';
import { parseWorkflowId, type WorkflowId } from '../../domain/lifecycle/life.ts';
import type { Logger } from '../logging.ts';
import { contextOf, inSpan, SpanKind, traceparent } from '../tracing.ts';
import { POKE, taskQueueName, workflowTypeOf } from './names.ts';

/** Pokes in flight at once; more wait their turn. */
const CONCURRENCY = 8;

/** Pokes that wait at most; what comes on top is left to the relay. */
const MAXIMUM_WAITING = 10_000;

/** Milliseconds that one poke may take. */
const DEADLINE = 2_000;

/** Sends pokes after commits, out of the way of requests. Losing one costs time only: see the relay. */
export interface Dispatcher {
  /** Never waits and never throws. Pokes of one life are collapsed: one in flight, one to follow. */
  poke(workflowId: WorkflowId): void;
  /** Waits for what is in flight and stops taking more. Call it before the connection is closed. */
  drain(): Promise<void>;
}

export function createDispatcher(options: {
  client: Client;
  taskQueuePrefix: string;
  logger: Logger;
}): Dispatcher {
  /** With what each came from, as a `traceparent`. */
  const waiting = new Map<WorkflowId, string | null>();
  const inFlight = new Map<WorkflowId, Promise<void>>();
  let open = true;

  function next(): void {
    for (const [workflowId, from] of waiting) {
      if (inFlight.size >= CONCURRENCY) return;
      if (inFlight.has(workflowId)) continue;
      waiting.delete(workflowId);
      const sending = inSpan(
        'poke',
        {
          kind: SpanKind.PRODUCER,
          attributes: { 'casebridge.workflow_id': workflowId },
          ...(from === null ? {} : { parent: contextOf(from) }),
        },
        async () => send(workflowId),
      ).finally(() => {
        inFlight.delete(workflowId);
        next();
      });
      inFlight.set(workflowId, sending);
    }
  }

  async function send(workflowId: WorkflowId): Promise<void> {
    try {
      // A life of a newer version's kind may be among those that the relay finds: its workers know it.
      const { kind, entityId } = parseWorkflowId(workflowId);
      await options.client.withDeadline(Date.now() + DEADLINE, async () =>
        options.client.workflow.signalWithStart(workflowTypeOf(kind), {
          workflowId,
          taskQueue: taskQueueName(options.taskQueuePrefix, 'lifecycle'),
          // A finished life begins again; one that runs hears the signal.
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          signal: POKE,
          signalArgs: [],
          staticSummary: LIVES_DESCRIBED[kind],
          staticDetails: detailsAtStart(kind, entityId),
        }),
      );
    } catch (error) {
      if (hasTooManySignals(error)) return;
      options.logger.warn({ workflowId, err: error }, 'poke not delivered; the relay will');
    }
  }

  return {
    poke(workflowId) {
      if (!open || waiting.size >= MAXIMUM_WAITING) return;
      waiting.set(workflowId, traceparent());
      next();
    },
    async drain() {
      open = false;
      waiting.clear();
      await Promise.all(inFlight.values());
    },
  };
}

/** A life with ten thousand unread pokes has been poked. */
function hasTooManySignals(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return (
    isGrpcServiceError(cause) && /workflow execution limit for signal events/.test(cause.details)
  );
}
