import type { WorkflowId } from '../../domain/lifecycle/life.ts';
import { areLivesForgotten, claimForgottenLives } from '../../domain/lifecycle/relay.ts';
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
  /**
   * Runs before lives are claimed and poked: an engine that was wiped has forgotten more than its lives.
   * Where it fails nothing is claimed: a life whose poke never left is offered again at once.
   */
  prepare?: () => Promise<void>;
  interval?: number;
}): Rounds {
  return startRounds({
    name: 'relay',
    interval: options.interval ?? INTERVAL,
    logger: options.logger,
    async round() {
      const em = options.database.em.fork();
      if (!(await areLivesForgotten(em))) return;
      await options.prepare?.();
      for (const workflowId of await claimForgottenLives(em)) {
        options.logger.info({ workflowId }, 'relay pokes a life');
        options.poke(workflowId);
      }
    },
  });
}
