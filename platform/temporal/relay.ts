import type { WorkflowId } from '../../domain/lifecycle/life.ts';
import { claimForgottenLives } from '../../domain/lifecycle/relay.ts';
import type { Database } from '../database.ts';
import type { Logger } from '../logging.ts';
import { type Rounds, startRounds } from '../rounds.ts';

/** Milliseconds between two looks at the rows. */
const INTERVAL = 2_000;

/** Pokes forgotten lives, round after round, until it is stopped. */
export function startRelay(options: {
  database: Database;
  poke: (workflowId: WorkflowId) => void;
  logger: Logger;
  /** Runs before lives are poked: an engine that was wiped has forgotten more than its lives. */
  prepare?: () => Promise<void>;
  interval?: number;
}): Rounds {
  return startRounds({
    name: 'relay',
    interval: options.interval ?? INTERVAL,
    logger: options.logger,
    async round() {
      const forgotten = await claimForgottenLives(options.database.em.fork());
      if (forgotten.length > 0) await options.prepare?.();
      for (const workflowId of forgotten) {
        options.logger.info({ workflowId }, 'relay pokes a life');
        options.poke(workflowId);
      }
    },
  });
}
