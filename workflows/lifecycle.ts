/**
 * The loop that every life runs: a turn, the long work that it asks for beside the loop, then sleep
 * until the planned instant or a poke. It holds an id and nothing that could be lost; every rule is
 * in the turn, which is an activity, so that a changed rule never breaks the replay of a life that
 * sleeps for months.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { LifecycleActivities } from '../activities/index.ts';
import {
  type LifeKind,
  LOOK_AGAIN,
  type Plan,
  TURN_ATTEMPTS,
  type WorkflowId,
  type WorkName,
  type WorkOf,
} from '../domain/lifecycle/life.ts';
import { mailActivities } from './long-work.ts';
import { createOperatorsView, summaryOf, type TurnReason } from './operators-view.ts';
import { pokeSignal } from './poke.ts';
import { createRests } from './rests.ts';
import { lostItsWorker } from './worker-lost.ts';

// A turn is one short transaction. Ten attempts (about five minutes) outlast a restart of PostgreSQL;
// after that the life shows that it needs attention, which it cannot while an activity is retried.
function turnOf(reason: TurnReason) {
  return proxyActivities<LifecycleActivities>({
    startToCloseTimeout: '30 seconds',
    retry: {
      initialInterval: '1 second',
      maximumInterval: '1 minute',
      maximumAttempts: TURN_ATTEMPTS,
    },
    summary: summaryOf(reason),
  }).turn;
}

/** Events after which a life goes on in a new run, well before the server suggests it. */
const LONG_HISTORY = 2_000;

/** What is waited for where work, or the turn itself, has failed. */
const AFTER_FAILURES = 'trying again after failures';

/** The shortest sleep: a timer of zero is a loop that never rests. */
const SHORTEST_SLEEP = 1_000;

/**
 * A slice of long work; `now` is the workflow's clock.
 * @returns whether it did anything: work that is due and finds nothing to do must not be begun at once
 */
export type Slice = (workflowId: WorkflowId, now: number) => Promise<boolean>;

/**
 * Lives until the turn says that nothing is left to do. A life never ends as failed.
 * @param slices the long work of this kind of life; sending mail is every life's
 */
export async function live<Kind extends LifeKind>(
  kind: Kind,
  slices: Readonly<Record<WorkOf<Kind>, Slice>>,
): Promise<void> {
  const { workflowId: id } = workflowInfo();
  const workflowId = id as WorkflowId;
  const sliceOf = new Map<WorkName, Slice>(Object.entries(slices) as [WorkName, Slice][]);
  sliceOf.set('mail', mailActivities().sendMail);
  const running = new Map<WorkName, CancellationScope>();
  const rests = createRests();
  const view = createOperatorsView(kind, { running, rests });
  let poked = false;
  const ended = new Set<WorkName>();
  let slept: string | null = null;
  setHandler(pokeSignal, () => {
    poked = true;
  });

  for (;;) {
    // A new run plans first, so it need not be told whether somebody poked.
    if (tooLong() && running.size === 0) await continueAsNew();
    if (poked) rests.clear();
    rests.endDue(Date.now());
    // Cleared before the turn reads the facts: what is committed while it reads is planned again.
    const reason = reasonOfTurn();
    poked = false;
    ended.clear();
    const plan = await planned(reason);
    if (plan === null) {
      slept = AFTER_FAILURES;
      await condition(() => poked, LOOK_AGAIN, { summary: AFTER_FAILURES });
      continue;
    }
    view.planned(plan, Date.now());
    // No await between this look at the flag and the end: a poke that came in the meantime counts.
    if (plan.finished && !poked && running.size === 0) return;
    rests.keepOnly(plan.work);
    begin(plan);
    stopUnwanted(plan);
    view.refresh();
    if (isHeldBack(plan) && patched('work-in-new-run')) continue;
    await sleep(plan);
  }

  function reasonOfTurn(): TurnReason {
    if (poked) return { type: 'poked' };
    if (ended.size > 0) return { type: 'work ended', work: [...ended] };
    return slept === null ? { type: 'begins' } : { type: 'its time', of: slept };
  }

  /** A turn's plan; null after attempts that all failed, which is then shown to operators. */
  async function planned(reason: TurnReason): Promise<Plan | null> {
    try {
      return await turnOf(reason)(workflowId, Date.now(), rests.troubled());
    } catch (error) {
      if (isCancellation(error)) throw error;
      view.failing(failureOf(error));
      return null;
    }
  }

  function begin(plan: Plan): void {
    if (plan.finished || tooLong()) return;
    for (const name of plan.work) {
      if (running.has(name) || rests.has(name)) continue;
      const slice = sliceOf.get(name);
      if (slice === undefined) {
        rests.afterFailure(name, 'not known to this worker', Date.now());
        continue;
      }
      const scope = new CancellationScope();
      running.set(name, scope);
      void scope
        .run(() => slice(workflowId, Date.now()))
        .then(
          (didSomething) => {
            if (didSomething) {
              rests.afterEffect(name);
              view.worked(name, Date.now());
            } else rests.afterNothing(name, Date.now());
          },
          (error: unknown) => {
            if (isCancellation(error)) return;
            if (lostItsWorker(error) && patched('short-rest-after-loss')) {
              rests.afterLoss(name, Date.now());
            } else {
              rests.afterFailure(name, failureOf(error), Date.now());
            }
          },
        )
        .finally(() => {
          running.delete(name);
          ended.add(name);
        });
    }
  }

  /** Whether work is due that a run so long does not begin: the next run does, at once. */
  function isHeldBack(plan: Plan): boolean {
    return tooLong() && running.size === 0 && plan.work.some((name) => !rests.has(name));
  }

  function stopUnwanted(plan: Plan): void {
    for (const [name, scope] of running) if (!plan.work.includes(name)) scope.cancel();
  }

  async function sleep(plan: Plan): Promise<void> {
    const woken = () => poked || ended.size > 0;
    const rest = rests.next();
    const restIsFirst = rest !== null && (plan.wakeAt === null || rest < plan.wakeAt);
    const until = restIsFirst ? rest : plan.wakeAt;
    slept = restIsFirst ? AFTER_FAILURES : plan.shown.waitingFor;
    if (until === null) {
      await condition(woken);
      return;
    }
    await condition(woken, Math.max(until - Date.now(), SHORTEST_SLEEP), { summary: slept });
  }
}

function tooLong(): boolean {
  const info = workflowInfo();
  return info.continueAsNewSuggested || info.historyLength > LONG_HISTORY;
}

/** What kind of error an activity failed with: its type, which says nothing about anybody's data. */
function failureOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  return cause instanceof Error ? cause.name : 'unknown';
}
