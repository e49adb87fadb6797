import { Context } from '@temporalio/activity';
import {
  type Plan,
  TURN_ATTEMPTS,
  type WorkflowId,
  type WorkName,
} from '../domain/lifecycle/life.ts';
import { LIVES } from '../domain/lifecycle/lives.ts';
import { noteAttention, turn } from '../domain/lifecycle/turn.ts';
import type { ActivityDeps } from './deps.ts';
import { withoutData } from './without-data.ts';

export function createLifecycleActivities(deps: ActivityDeps) {
  return {
    /** One turn of a life at `now`, the workflow's clock in milliseconds since 1970. */
    async turn(workflowId: WorkflowId, now: number, troubled: WorkName | null): Promise<Plan> {
      return withoutData(deps.logger, { activity: 'turn', workflowId }, async () => {
        try {
          return await turn(deps, LIVES, workflowId, new Date(now), troubled);
        } catch (error) {
          // While an activity is retried its workflow can show nothing, so the row does.
          if (Context.current().info.attempt >= TURN_ATTEMPTS) {
            await noteAttention(deps, workflowId, 'the turn keeps failing').catch(() => undefined);
          }
          throw error;
        }
      });
    },
  };
}
