import { Context } from '@temporalio/activity';

/** Milliseconds between two signs of life; three may be lost before an activity counts as dead. */
export const HEARTBEAT_EVERY = 5_000;

/**
 * Does a slice of long work while it tells Temporal that this process lives. That the work itself does
 * not hang is what the time limits of the store, the database and SMTP are for.
 *
 * @param work is given what says that it is wanted no more
 */
export async function heartbeating<T>(work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const beating = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beating);
  }
}
