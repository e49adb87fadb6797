import { Context } from '@temporalio/activity';
import { StepWithoutEffectError } from '../domain/lifecycle/definition.ts';
import {
  type Plan,
  type Troubled,
  TURN_ATTEMPTS,
  type WorkflowId,
} from '../domain/lifecycle/life.ts';
import { LIVES } from '../domain/lifecycle/lives.ts';
import { noteAttention, turn } from '../domain/lifecycle/turn.ts';
import { describeError } from '../platform/error-description.ts';
import type { ActivityDeps } from './deps.ts';
import { withoutData } from './without-data.ts';

export function createLifecycleActivities(deps: ActivityDeps) {
  return {
    /** One turn of a life at `now`, the workflow's clock in milliseconds since 1970. */
    async turn(workflowId: WorkflowId, now: number, troubled: readonly Troubled[]): Promise<Plan> {
      return withoutData(deps.logger, { activity: 'turn', workflowId }, async () => {
        try {
          return await turn(deps, LIVES, workflowId, new Date(now), troubled);
        } catch (error) {
          // While an activity is retried its workflow can show nothing, so the row does.
          const last =
            Context.current().info.attempt >= TURN_ATTEMPTS ||
            error instanceof StepWithoutEffectError;
          if (last) {
            const reason = `the turn keeps failing (${describeError(error).type})`;
            await noteAttention(deps, workflowId, reason).catch(() => undefined);
          }
          throw error;
        }
      });
    },
  };
}
