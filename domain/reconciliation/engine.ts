import type { WorkflowId } from '../lifecycle/life.ts';

/** Where a life's workflow is: served by this installation's workers, by others, or nowhere. */
export type WorkflowPlace = 'here' | 'elsewhere' | 'nowhere';

/** Some of the workflows that run. */
export interface RunningPage {
  /** As the engine has them: a workflow that somebody else started may have any id. */
  readonly workflowIds: readonly string[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

/**
 * What reconciliation asks of Temporal. Lists are some moments old and slow to ask for; what they say
 * is confirmed by asking for the one workflow.
 */
export interface Engine {
  /** Which of these lives a list has as running on this installation's queue: a hundred at most. */
  runningAmong(workflowIds: readonly WorkflowId[]): Promise<ReadonlySet<string>>;
  /** The running workflows of this installation's queue, page by page. */
  running(after: string | null): Promise<RunningPage>;
  /** Where the newest run of a workflow is, if it is open. */
  placeOf(workflowId: string): Promise<WorkflowPlace>;
  /** Pokes a workflow that runs; it starts none. */
  pokeRunning(workflowId: string): Promise<void>;
}
