/** Reconciliation on what a test file started: whole runs at an instant that a test names. */
import { OPERATOR } from '../../domain/act.ts';
import type { Finding, ReconcilingDeps } from '../../domain/reconciliation/check.ts';
import type { Engine } from '../../domain/reconciliation/engine.ts';
import { reconcileNow } from '../../domain/reconciliation/reconcile.ts';
import { temporalEngine } from '../../platform/temporal/engine.ts';
import type { TestApi } from './api.ts';
import type { TestLives } from './lives.ts';

/** What a run needs of these lives, with the real engine. */
export function reconcilingOn({ api, temporal }: TestLives): ReconcilingDeps {
  const { client, taskQueuePrefix } = temporal;
  return {
    ...withoutEngine(api),
    engine: temporalEngine({ client, taskQueuePrefix, betweenLists: 0 }),
  };
}

/** What a check needs that asks nothing of Temporal. */
export function withoutEngine({ database, store, poke }: TestApi): ReconcilingDeps {
  const asked = async () => {
    throw new Error('Temporal was asked');
  };
  const engine: Engine = {
    runningAmong: asked,
    running: asked,
    placeOf: asked,
    pokeRunning: asked,
  };
  return { database, store, poke, engine };
}

/** A whole run; gives what it found. */
export async function reconcile(
  deps: ReconcilingDeps,
  { repair = false, now = new Date() }: { readonly repair?: boolean; readonly now?: Date } = {},
): Promise<readonly Finding[]> {
  const { findings } = await reconcileNow(deps, { now, repair, actor: OPERATOR.actor });
  return findings;
}
