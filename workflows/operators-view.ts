/** What the Temporal UI shows of one life: what it is, what it waits for, until when, what happened last. */
import { setCurrentDetails, setHandler } from '@temporalio/workflow';
import { LIVES_DESCRIBED } from '../domain/lifecycle/described.ts';
import type { LifeKind, Plan, WorkName } from '../domain/lifecycle/life.ts';
import { type LifeView, planQuery } from './plan-query.ts';
import type { Rests } from './rests.ts';
import { showSearchAttributes } from './search-attributes.ts';

/** Why the next turn is taken, as its activity's summary says. */
export type TurnReason =
  | { readonly type: 'begins' }
  | { readonly type: 'poked' }
  | { readonly type: 'work ended'; readonly work: readonly WorkName[] }
  | { readonly type: 'its time'; readonly of: string };

export interface OperatorsView {
  /** A turn has answered: its plan counts from now on. */
  planned(plan: Plan, now: number): void;
  /** Long work found something to do; whether it went well, its rows say. */
  worked(name: WorkName, now: number): void;
  /** The turn keeps failing with this type of error; the plan before it is what is known. */
  failing(failure: string): void;
  /** Writes the details anew: after what runs or rests has changed. */
  refresh(): void;
}

/** @param of what runs and what rests at the moment */
export function createOperatorsView(
  kind: LifeKind,
  of: { readonly running: ReadonlyMap<WorkName, unknown>; readonly rests: Rests },
): OperatorsView {
  let plan: Plan | null = null;
  let plannedAt: string | null = null;
  let attention: string | null = null;
  let last: LifeView['last'] = null;

  const view = (): LifeView => ({
    kind,
    plan,
    plannedAt,
    running: [...of.running.keys()],
    resting: of.rests.list(),
    attention,
    last,
  });
  const refresh = () => setCurrentDetails(detailsOf(view()));
  setHandler(planQuery, view, {
    description: 'what was planned last, what runs and what rests',
  });
  return {
    planned(next, now) {
      plan = next;
      plannedAt = instant(now);
      attention = next.shown.attention;
      if (next.shown.steps.length > 0) {
        last = { did: next.shown.steps.join(', '), at: instant(now) };
      }
      showSearchAttributes(kind, next.shown);
      refresh();
    },
    worked(name, now) {
      last = { did: `${name} ran`, at: instant(now) };
    },
    failing(failure) {
      attention = `the turn keeps failing (${failure})`;
      showSearchAttributes(kind, { attention });
      refresh();
    },
    refresh,
  };
}

/** @returns at most some dozens of bytes, of the 400 that Temporal keeps */
export function summaryOf(reason: TurnReason): string {
  switch (reason.type) {
    case 'begins':
      return 'plan: the workflow begins, or goes on in a new run';
    case 'poked':
      return 'plan: something was changed';
    case 'work ended':
      return `plan: ${reason.work.join(', ')} ended`;
    case 'its time':
      return `plan: it is time (${reason.of})`;
    default:
      return reason satisfies never;
  }
}

function detailsOf({ kind, plan, plannedAt, running, resting, attention, last }: LifeView): string {
  const shown = plan?.shown;
  return [
    `**${kind}** · ${shown?.state ?? 'not planned yet'}`,
    '',
    LIVES_DESCRIBED[kind],
    '',
    ...(attention === null ? [] : [`- **needs attention**: ${attention}`]),
    `- waiting for: ${shown?.waitingFor ?? 'its first turn'}`,
    `- until: ${shown?.nextDeadline ?? 'somebody acts'}`,
    `- running: ${running.length === 0 ? 'nothing' : running.join(', ')}`,
    ...(shown?.progress == null
      ? []
      : [`- progress: ${shown.progress.percent} %, ${shown.progress.text}`]),
    ...resting.map(
      ({ work, until, failure }) =>
        `- resting: ${work} until ${until}${failure === null ? '' : ` (${failure})`}`,
    ),
    `- happened last: ${last === null ? 'nothing in this run' : `${last.did}, ${last.at}`}`,
    `- planned: ${plannedAt ?? 'not yet'}`,
  ].join('\n');
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
