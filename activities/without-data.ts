import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { StepWithoutEffectError } from '../domain/lifecycle/definition.ts';
import type { WorkflowId } from '../domain/lifecycle/life.ts';
import { describeError } from '../platform/error-description.ts';
import type { Logger } from '../platform/logging.ts';

/**
 * Does an activity's work. What it throws is logged, and goes on to Temporal, whose histories are kept
 * and shown, as its type and code only, without message or cause of the database's: those quote rows. It
 * is retried as it would be otherwise, but for what another attempt cannot change.
 */
export async function withoutData<T>(
  logger: Logger,
  by: { readonly activity: string; readonly workflowId: WorkflowId },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isOfTemporal(error)) throw error;
    logger.error({ ...by, err: error }, 'activity failed');
    const { type, code, message } = describeError(error);
    throw ApplicationFailure.create({
      type: error instanceof AggregateError ? describeError(error.errors[0]).type : type,
      nonRetryable: error instanceof StepWithoutEffectError,
      message: message ?? [type, code].filter((part) => part !== undefined).join(' '),
    });
  }
}

/** Cancellation, which the worker has to see as it is, and failures that were made for Temporal. */
function isOfTemporal(error: unknown): boolean {
  return (
    error instanceof CancelledFailure ||
    error instanceof ApplicationFailure ||
    (error instanceof Error && error.name === 'AbortError')
  );
}
