/**
 * The words that workflows, activities and rules share about lives. Types only, and the functions
 * that make and read a workflow id: workflow code imports this file.
 */

/** Each kind of life, as its workflow id begins. */
export const LIFE_KINDS = ['download-link', 'evidence-intake'] as const;
export type LifeKind = (typeof LIFE_KINDS)[number];

/** Long work that runs beside a life's loop, in slices. */
export const WORK_NAMES = ['mail', 'verify', 'tidy'] as const;
export type WorkName = (typeof WORK_NAMES)[number];

/** Attempts at one turn before the life shows that it needs attention. */
export const TURN_ATTEMPTS = 10;

/** `download-link:0198…`: says to an operator what it is. */
export type WorkflowId = `${LifeKind}:${string}`;

/** The one life of this kind that this entity has. */
export function workflowIdOf(kind: LifeKind, entityId: string): WorkflowId {
  return `${kind}:${entityId}`;
}

/** @throws Error where the id is not of a life */
export function parseWorkflowId(workflowId: string): { kind: LifeKind; entityId: string } {
  const [name = '', entityId = ''] = workflowId.split(':', 2);
  const kind = LIFE_KINDS.find((candidate) => candidate === name);
  if (kind === undefined || entityId === '') throw new Error(`not the id of a life: ${workflowId}`);
  return { kind, entityId };
}

/**
 * What a life's rule says of the facts at an instant: a short step is due; or long work is to run
 * and a later instant to wake at, if any; or the life is over.
 */
export type Next<Step extends string> =
  | { readonly type: 'due'; readonly step: Step }
  | {
      readonly type: 'wait';
      readonly for: string;
      readonly until: Date | null;
      readonly work: readonly WorkName[];
    }
  | { readonly type: 'finished' };

/** What operators see of a life; nothing personal. */
export interface Shown {
  readonly state: string;
  readonly organizationId: string;
  readonly caseId: string | null;
  readonly waitingFor: string;
  /** ISO 8601, or null where nothing is planned. */
  readonly nextDeadline: string | null;
  /** What keeps failing, or null. */
  readonly attention: string | null;
  /** What the last turn did, in the order done. */
  readonly steps: readonly string[];
}

/** A turn's answer to its workflow. */
export interface Plan {
  readonly finished: boolean;
  /** Milliseconds since 1970 to wake at, or null to wait for a poke. */
  readonly wakeAt: number | null;
  readonly work: readonly WorkName[];
  readonly shown: Shown;
}
