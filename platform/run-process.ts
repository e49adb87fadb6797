import type { Logger } from './logging.ts';

/**
 * Runs a long-lived process: starts it, and stops it in order at SIGTERM or SIGINT. The process ends
 * with 0 where it stopped cleanly, with 1 where it could not start or stop. One that is still starting,
 * as while it waits for a server, has promised nothing yet and ends at once.
 *
 * @param start gives what stops the process; it is called once
 */
export async function runProcess(
  logger: Logger,
  start: () => Promise<() => Promise<void>>,
): Promise<void> {
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  });
  try {
    const stop = await Promise.race([start(), signalled.then(() => null)]);
    const signal = await signalled;
    logger.info({ signal }, 'stopping');
    await stop?.();
    process.exit(0);
  } catch (error) {
    logger.fatal({ err: error }, 'the process cannot go on');
    process.exit(1);
  }
}
