/** The loop of a life with activities that a test gives: a script of turns, and work that does as told. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { LifeKind, Plan, Troubled } from '../../domain/lifecycle/life.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { taskQueueName, workflowTypeOf } from '../../platform/temporal/names.ts';
import type { TestTemporal } from './temporal.ts';

/** What a turn answers; without fields, to wait until somebody pokes. */
export function plan(fields: Partial<Plan> = {}): Plan {
  return {
    finished: false,
    wakeAt: null,
    work: [],
    shown: {
      state: 'active',
      organizationId: 'org',
      caseId: null,
      waitingFor: 'somebody',
      nextDeadline: null,
      attention: null,
      steps: [],
    },
    ...fields,
  };
}

/** The answer that ends a life. */
export const FINISHED = plan({ finished: true });

/** A turn by turn script; what it was asked is kept. */
export function scripted(
  answer: (turn: number, now: number, troubled: readonly Troubled[]) => Plan | Promise<Plan>,
) {
  let turns = 0;
  return {
    get turns() {
      return turns;
    },
    turn: async (_id: string, now: number, troubled: readonly Troubled[]) => {
      turns += 1;
      return answer(turns, now, troubled);
    },
  };
}

/** Work that has always just been done. */
export const idle = {
  mail: { sendMail: async () => true },
  bytes: { verifyUploads: async () => true, tidyUploads: async () => true },
};

/** Begins a life; no turn but the script's is taken. */
export async function begin(
  temporal: TestTemporal,
  type: 'downloadLink' | 'evidenceIntake' = 'downloadLink',
  workflowId = workflowIdOf(
    type === 'downloadLink' ? 'download-link' : 'evidence-intake',
    randomUUID(),
  ),
): Promise<WorkflowHandle> {
  return temporal.client.workflow.start(type, {
    workflowId,
    taskQueue: taskQueueName(temporal.taskQueuePrefix, 'lifecycle'),
  });
}

/** Begins a life of this kind as the dispatcher does, without a poke. */
export async function beginKind(temporal: TestTemporal, kind: LifeKind): Promise<WorkflowHandle> {
  return temporal.client.workflow.start(workflowTypeOf(kind), {
    workflowId: workflowIdOf(kind, randomUUID()),
    taskQueue: taskQueueName(temporal.taskQueuePrefix, 'lifecycle'),
  });
}

/**
 * Begins a life of which no worker has read 1,995 pokes yet: with the six events of its first turn its run
 * gets longer than the 2,000 after which it goes on in a new one. Start workers afterwards.
 */
export async function beginLong(temporal: TestTemporal): Promise<WorkflowHandle> {
  const { workflowId } = await begin(temporal);
  const life = temporal.client.workflow.getHandle(workflowId);
  let left = 1_995;
  const lane = async () => {
    for (; left > 0; ) {
      left -= 1;
      await life.signal('poke');
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return life;
}

/** An activity that fails for good, as one does after its last attempt. */
export function away(): never {
  throw ApplicationFailure.create({ message: 'away', type: 'StoreAway', nonRetryable: true });
}
