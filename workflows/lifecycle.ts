/**
 * The loop that every life runs: a turn, the long work that it asks for beside the loop, then sleep
 * until the planned instant or a poke. It holds an id and nothing that could be lost; every rule is
 * in the turn, which is an activity, so that a changed rule never breaks the replay of a life that
 * sleeps for months.
 */
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { LifecycleActivities } from '../activities/index.ts';
import {
  type LifeKind,
  type Plan,
  TURN_ATTEMPTS,
  type WorkflowId,
  type WorkName,
} from '../domain/lifecycle/life.ts';
import { detailsOf } from './details.ts';
import { pokeSignal } from './poke.ts';
import { searchAttributeWriter } from './search-attributes.ts';

// A turn is one short transaction. Ten attempts (about five minutes) outlast a restart of PostgreSQL;
// after that the life shows that it needs attention, which it cannot while an activity is retried.
const { turn } = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '30 seconds',
  retry: {
    initialInterval: '1 second',
    maximumInterval: '1 minute',
    maximumAttempts: TURN_ATTEMPTS,
  },
});

/** How long a life that needs attention waits before it tries again by itself. */
const ATTENTION_PAUSE = '15 minutes';

/** Events after which a life goes on in a new run, well before the server suggests it. */
const LONG_HISTORY = 2_000;

/** The shortest sleep: a timer of zero is a loop that never rests. */
const SHORTEST_SLEEP = 1_000;

/** A slice of long work; `now` is the workflow's clock. */
export type Slice = (workflowId: WorkflowId, now: number) => Promise<void>;

/** Lives until the turn says that nothing is left to do. A life never ends as failed. */
export async function live(
  kind: LifeKind,
  slices: Readonly<Partial<Record<WorkName, Slice>>>,
): Promise<void> {
  const { workflowId: id } = workflowInfo();
  const workflowId = id as WorkflowId;
  const show = searchAttributeWriter(kind);
  const running = new Map<WorkName, CancellationScope>();
  let poked = false;
  let ended = false;
  let troubled: WorkName | null = null;
  setHandler(pokeSignal, () => {
    poked = true;
  });

  for (;;) {
    // Cleared before the turn reads the facts: what is committed while it reads is planned again.
    poked = false;
    ended = false;
    const plan = await planned(workflowId, troubled, show);
    if (plan === null) {
      await condition(() => poked, ATTENTION_PAUSE, { summary: 'trying again after failures' });
      continue;
    }
    setCurrentDetails(detailsOf(kind, plan));
    // No await between this look at the flag and the end: a poke that came in the meantime counts.
    if (plan.finished && !poked && running.size === 0) return;
    if (tooLong() && running.size === 0) await goOn();
    begin(plan);
    stopUnwanted(plan);
    await sleep(plan);
  }

  function begin(plan: Plan): void {
    if (plan.finished || tooLong()) return;
    for (const name of plan.work) {
      const slice = slices[name];
      if (slice === undefined || running.has(name) || troubled === name) continue;
      const scope = new CancellationScope();
      running.set(name, scope);
      void scope
        .run(() => slice(workflowId, Date.now()))
        .catch((error: unknown) => {
          if (isCancellation(error)) return;
          troubled = name;
        })
        .finally(() => {
          running.delete(name);
          ended = true;
        });
    }
  }

  function stopUnwanted(plan: Plan): void {
    for (const [name, scope] of running) if (!plan.work.includes(name)) scope.cancel();
  }

  async function sleep(plan: Plan): Promise<void> {
    const woken = () => poked || ended;
    if (troubled !== null && running.size === 0) {
      await condition(() => poked, ATTENTION_PAUSE, {
        summary: `${troubled} failed; trying again`,
      });
      troubled = null;
      return;
    }
    if (plan.wakeAt === null) {
      await condition(woken);
      return;
    }
    const duration = Math.max(plan.wakeAt - Date.now(), SHORTEST_SLEEP);
    await condition(woken, duration, { summary: plan.shown.waitingFor });
  }
}

/** A turn's plan; null after attempts that all failed, which is then shown to operators. */
async function planned(
  workflowId: WorkflowId,
  troubled: WorkName | null,
  show: ReturnType<typeof searchAttributeWriter>,
): Promise<Plan | null> {
  try {
    const plan = await turn(workflowId, Date.now(), troubled);
    show(plan.shown);
    return plan;
  } catch (error) {
    if (isCancellation(error)) throw error;
    show({ attention: 'the turn keeps failing' });
    return null;
  }
}

function tooLong(): boolean {
  const info = workflowInfo();
  return info.continueAsNewSuggested || info.historyLength > LONG_HISTORY;
}

async function goOn(): Promise<never> {
  return continueAsNew();
}

/** Proxies for long work: on a queue of its own, in slices that heartbeat and can be cancelled. */
export const SLICE_OPTIONS = {
  // Slices are minutes long; one object too large for that is hashed by itself, at disk speed.
  startToCloseTimeout: '2 hours',
  // Work gives a sign of life every two seconds; a worker that was killed is noticed this late.
  heartbeatTimeout: '20 seconds',
  // A worker that is told to stop costs an attempt, so there are many; then the life shows attention.
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 20 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;
