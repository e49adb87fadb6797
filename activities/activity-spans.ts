import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { Database } from '../platform/database.ts';
import { contextOf, inSpan, isTraced, linksTo, SpanKind } from '../platform/tracing.ts';

interface Row {
  readonly trace_context: string;
  readonly recent: boolean;
}

/**
 * A span for each activity of a life. What follows an act within the hour is part of that act's trace;
 * what happens later, when a life wakes by itself, is a trace of its own that refers to it.
 */
export function activitySpans(database: Database) {
  return ({ info }: Context): ActivityInterceptors => ({
    inbound: {
      async execute(input, next) {
        const workflowId = info.workflowExecution?.workflowId;
        if (!isTraced() || workflowId === undefined) return next(input);
        const from = await origin(database, workflowId);
        return inSpan(
          info.activityType,
          {
            kind: SpanKind.CONSUMER,
            attributes: {
              'casebridge.workflow_id': workflowId,
              'casebridge.attempt': info.attempt,
            },
            ...(from?.recent ? { parent: contextOf(from.trace_context) } : {}),
            ...(from?.recent === false ? { links: linksTo(from.trace_context) } : {}),
          },
          async () => next(input),
        );
      },
    },
  });
}

/** What woke the life last; null where that was not traced, or cannot be asked for now. */
async function origin(database: Database, workflowId: string): Promise<Row | null> {
  try {
    const [row] = await database.em.fork().execute<Row[]>(
      `select trace_context, wanted_at > clock_timestamp() - interval '1 hour' as recent
       from lifecycles where workflow_id = ? and trace_context is not null`,
      [workflowId],
    );
    return row ?? null;
  } catch {
    return null;
  }
}
