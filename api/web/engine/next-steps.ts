/** What is to be done next, of all files together: pure, asked again after everything that happens. */
import type { Phase, Transfer, UploadPlan } from './transfer.ts';

/** Connections that browsers keep to one host over HTTP/1.1: more parts at once would only wait. */
export const PARTS_AT_ONCE = 6;

/** Files that are begun or completed beside each other, so that many small ones do not wait for answers. */
export const FILES_AT_ONCE = 6;

/** Troubles in a row after which a file counts as stuck. */
const OWN_TROUBLE = 8;

export type Step<Id> =
  | { readonly type: 'open'; readonly id: Id }
  | { readonly type: 'send'; readonly id: Id; readonly plan: UploadPlan; readonly number: number }
  | {
      readonly type: 'complete';
      readonly id: Id;
      readonly plan: UploadPlan;
      readonly etags: ReadonlyMap<number, string>;
    };

/** Everything to begin now, and when to ask again if nothing happens before. */
export interface NextSteps<Id> {
  readonly steps: readonly Step<Id>[];
  /** Milliseconds of the engine's clock; null where only an event can bring anything. */
  readonly askAgainAt: number | null;
}

/**
 * Files are sent in the order of the list, parts of one file beside each other: a file is begun where the
 * files before it leave connections free. One that waits after trouble holds nothing up.
 */
export function nextSteps<Id>(
  transfers: Iterable<readonly [Id, Transfer]>,
  now: number,
): NextSteps<Id> {
  const entries = [...transfers];
  let parts = PARTS_AT_ONCE - sum(entries, partsRunning);
  let files = FILES_AT_ONCE - sum(entries, isActive);
  const steps: Step<Id>[] = [];
  let askAgainAt: number | null = null;
  for (const [id, transfer] of entries) {
    const { phase, notBefore } = transfer;
    if (!isUnderWay(phase)) continue;
    if (notBefore > now) {
      askAgainAt = Math.min(askAgainAt ?? notBefore, notBefore);
      continue;
    }
    if (isUnopened(phase) && (files > 0 || isActive(transfer) > 0) && parts > 0) {
      steps.push({ type: 'open', id });
      files -= 1 - isActive(transfer);
      // Its first part will want one.
      parts -= 1;
    } else if (phase.type === 'sending') {
      const { plan, etags, running } = phase;
      const numbers = missing(phase, parts);
      steps.push(...numbers.map((number) => ({ type: 'send', id, plan, number }) as const));
      parts -= numbers.length;
      if (etags.size === plan.partCount && running.size === 0) {
        steps.push({ type: 'complete', id, plan, etags });
      }
    }
  }
  return { steps, askAgainAt };
}

/** Numbers of parts that are neither stored nor on their way, the first ones, `most` of them at most. */
export function missing(
  { plan, etags, running }: Extract<Phase, { type: 'sending' }>,
  most: number,
): number[] {
  const numbers: number[] = [];
  for (let number = 1; number <= plan.partCount && numbers.length < most; number += 1) {
    if (!etags.has(number) && !running.has(number)) numbers.push(number);
  }
  return numbers;
}

function isUnderWay(phase: Phase): boolean {
  return isUnopened(phase) || phase.type === 'sending';
}

function isUnopened(phase: Phase): boolean {
  return phase.type === 'waiting' || phase.type === 'elsewhere';
}

function partsRunning({ phase }: Transfer): number {
  if (phase.type === 'opening') return 1;
  return phase.type === 'sending' ? phase.running.size : 0;
}

/**
 * Being opened, sent or completed, or about to try again: while nothing can be reached, a few files try
 * and not all of them. One that is in trouble for long is trouble of its own, and makes room.
 */
function isActive({ phase, troubles }: Transfer): number {
  const isBusy = phase.type === 'opening' || phase.type === 'completing';
  const isGoingOn = phase.type === 'sending' || (phase.type === 'waiting' && troubles > 0);
  return isBusy || (isGoingOn && troubles < OWN_TROUBLE) ? 1 : 0;
}

function sum<Id>(
  entries: readonly (readonly [Id, Transfer])[],
  count: (transfer: Transfer) => number,
): number {
  return entries.reduce((total, [, transfer]) => total + count(transfer), 0);
}
