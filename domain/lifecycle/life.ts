/**
 * The words that workflows, activities and rules share about lives. Types only, and the functions
 * that make and read a workflow id: workflow code imports this file.
 */

/**
 * Each kind of life, as its workflow id begins, with the long work of its own that runs beside its
 * loop, in slices. Sending mail is every life's.
 */
export const LIVES_AND_WORK = {
  'download-link': [],
  'evidence-intake': ['verify', 'tidy'],
  'upload-request': [],
  'partner-access': [],
  'case-copy': ['copy', 'tidy'],
  retention: ['recalculate', 'look', 'destroy', 'inventory'],
  'api-client': [],
  portal: [],
  'portal-invite': [],
  reconciliation: ['reconcile'],
} as const;
export type LifeKind = keyof typeof LIVES_AND_WORK;
export const LIFE_KINDS = Object.keys(LIVES_AND_WORK) as readonly LifeKind[];

/** The long work that this kind of life has besides mail. */
export type WorkOf<Kind extends LifeKind> = (typeof LIVES_AND_WORK)[Kind][number];
export type WorkName = WorkOf<LifeKind> | 'mail';

/** Long work that keeps going wrong, as its workflow knows; `failure` is a type of error. */
export interface Troubled {
  readonly work: WorkName;
  readonly failure: string;
}

/** Attempts at one turn before the life shows that it needs attention. */
export const TURN_ATTEMPTS = 10;

/**
 * Milliseconds after which a life looks again by itself: while long work runs, so that work whose
 * engine was lost is begun again by the relay; and after attempts that all failed.
 */
export const LOOK_AGAIN = 10 * 60_000;

/** `download-link:0198…`: says to an operator what it is. */
export type WorkflowId = `${LifeKind}:${string}`;

/** The one life of this kind that this entity has. */
export function workflowIdOf(kind: LifeKind, entityId: string): WorkflowId {
  return `${kind}:${entityId}`;
}

/** Whether it is the id of a life. */
export function isWorkflowId(workflowId: string): workflowId is WorkflowId {
  const [name = '', entityId = ''] = workflowId.split(':', 2);
  return entityId !== '' && LIFE_KINDS.some((kind) => kind === name);
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

/** How far long work has come. */
export interface Progress {
  /** Whole percent of the bytes, of the files where none has a byte; 100 only when all is done. */
  readonly percent: number;
  /** As an operator reads it: `12 of 30 files, 1.2 of 3.1 GB`. */
  readonly text: string;
}

/** What operators see of a life; nothing personal. */
export interface Shown {
  readonly state: string;
  /** Null for a life of the whole installation. */
  readonly organizationId: string | null;
  readonly caseId: string | null;
  readonly waitingFor: string;
  /** ISO 8601, or null where nothing is planned. */
  readonly nextDeadline: string | null;
  /** What keeps failing, or null. */
  readonly attention: string | null;
  /** How far its long work is; null where nothing is measured; not given by whoever knows nothing of it. */
  readonly progress?: Progress | null;
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
