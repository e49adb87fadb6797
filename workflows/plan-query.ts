import { defineQuery } from '@temporalio/workflow';
import type { LifeKind, Plan, WorkName } from '../domain/lifecycle/life.ts';

/** What a life knows of itself. Instants are ISO 8601, of the workflow's clock. */
export interface LifeView {
  readonly kind: LifeKind;
  /** What the last turn that succeeded planned; null before the first. */
  readonly plan: Plan | null;
  readonly plannedAt: string | null;
  readonly running: readonly WorkName[];
  /** Long work that is not to be begun before an instant, and the failure that it had, if any. */
  readonly resting: readonly {
    readonly work: WorkName;
    readonly until: string;
    readonly failure: string | null;
  }[];
  readonly attention: string | null;
  /** The steps or the long work of this run that came last; null before the first. */
  readonly last: { readonly did: string; readonly at: string } | null;
}

/** Answers the present plan with what runs and what rests. */
export const planQuery = defineQuery<LifeView>('plan');
