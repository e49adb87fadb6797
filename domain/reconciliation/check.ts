/** What every check of reconciliation is given, and what it answers. */
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import type { Acting } from '../act.ts';
import type { Actor } from '../audit/event.ts';
import type { Engine } from './engine.ts';

/** What reconciliation finds and notes itself; the inventory has findings of its own. */
export const RECONCILIATION_KINDS = [
  'life-without-workflow',
  'workflow-without-row',
  'mail-unsent',
  'upload-not-tidied',
  'upload-unknown',
  'chain-broken',
] as const;
export type ReconciliationKind = (typeof RECONCILIATION_KINDS)[number];

/** Something that is not as it should be; nothing personal. */
export interface Finding {
  readonly kind: ReconciliationKind;
  /** What it is about: the id of a life, a mail, an upload, an organization, or an object's key. */
  readonly subject: string;
  /** Null where that is not known. */
  readonly organizationId: string | null;
  readonly detail: string;
  /** Whether what repairs it was done; the next run shows whether it helped. */
  readonly repaired: boolean;
}

/** One look: when, by whom, and whether what is safe to repair is repaired. */
export interface Look {
  /** The clock of whoever looks: a workflow's, or that of the operator's command. */
  readonly now: Date;
  readonly repair: boolean;
  readonly actor: Actor;
}

/** What a check needs from outside. */
export interface ReconcilingDeps extends Acting {
  readonly store: ObjectStore;
  readonly engine: Engine;
}

/** A step of a check: some rows, one page, one chain. */
export interface Step {
  /** Where the next step begins; null when the check is through. */
  readonly next: string | null;
  /** How many things were looked at. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/** Does the step that begins after `after`: null for the first. Doing it again does no harm. */
export type Check = (deps: ReconcilingDeps, after: string | null, look: Look) => Promise<Step>;
