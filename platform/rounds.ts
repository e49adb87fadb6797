import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from './logging.ts';

/** Work that is done again and again, until it is stopped. */
export interface Rounds {
  /** Resolves when the round that runs has ended; no other begins. */
  stop(): Promise<void>;
}

/**
 * Does a round now and again after each pause. One that fails is logged and is no reason to stop: the
 * next finds what it left.
 */
export function startRounds(options: {
  /** What the round does, for lines of the log. */
  readonly name: string;
  /** Milliseconds from the end of a round to the next. */
  readonly interval: number;
  readonly logger: Logger;
  readonly round: () => Promise<void>;
}): Rounds {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await options.round();
      } catch (error) {
        options.logger.warn({ err: error, round: options.name }, 'a round could not be done');
      }
      await pause(options.interval, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
