import { storedParts } from '../../../domain/evidence/uploads/parts-to-send.ts';
import type { Phase, Seen, Transfer, TransferEvent } from './transfer.ts';

const RELIEVED = { troubles: 0, notBefore: 0 };

/**
 * A transfer after an event. An event that comes too late for the phase it is in changes nothing: answers
 * may arrive after a file was given up, or seen anew.
 */
export function reduce(transfer: Transfer, event: TransferEvent): Transfer {
  const { phase } = transfer;
  switch (event.type) {
    case 'wanted':
      return phase.type === 'listed' || phase.type === 'ended'
        ? { ...transfer, ...RELIEVED, phase: { type: 'waiting' } }
        : transfer;
    case 'opening':
      return phase.type === 'waiting' || phase.type === 'elsewhere'
        ? { ...transfer, phase: { type: 'opening' } }
        : transfer;
    case 'elsewhere':
      return phase.type === 'opening'
        ? { ...transfer, phase: { type: 'elsewhere' }, troubles: 0, notBefore: event.notBefore }
        : transfer;
    case 'seen':
      return seen(transfer, event.seen);
    case 'part-begun':
      if (phase.type !== 'sending') return transfer;
      return { ...transfer, phase: { ...phase, running: adding(phase.running, event.number) } };
    case 'part-stored':
      if (phase.type !== 'sending') return transfer;
      return {
        ...transfer,
        ...RELIEVED,
        phase: {
          ...phase,
          running: without(phase.running, event.number),
          etags: new Map(phase.etags).set(event.number, event.etag),
        },
      };
    case 'part-lost':
      if (phase.type !== 'sending') return transfer;
      return { ...transfer, phase: { ...phase, running: without(phase.running, event.number) } };
    case 'completing':
      return phase.type === 'sending'
        ? { ...transfer, phase: { ...phase, type: 'completing' } }
        : transfer;
    case 'parts-refused':
      return partsRefused(transfer, event.numbers);
    case 'troubled':
      return {
        ...transfer,
        phase: tryingAgain(phase),
        troubles: transfer.troubles + 1,
        notBefore: event.notBefore,
      };
    case 'stopped':
      return { ...transfer, phase: stopped(phase) };
    case 'relieved':
      return { ...transfer, ...RELIEVED };
    case 'doubted':
      return phase.type === 'listed' || phase.type === 'ended'
        ? transfer
        : { ...transfer, phase: { type: 'waiting' } };
    case 'ended':
      return phase.type === 'ended'
        ? transfer
        : { ...transfer, ...RELIEVED, phase: { type: 'ended', outcome: event.outcome } };
    default:
      return event satisfies never;
  }
}

/** What the API said counts wherever it was asked: when it was opened, completed, or checked. */
function seen(transfer: Transfer, what: Seen): Transfer {
  const { phase } = transfer;
  if (phase.type === 'listed' || phase.type === 'ended') return transfer;
  switch (what.type) {
    case 'open': {
      if (phase.type !== 'opening') return transfer;
      const etags = storedParts(what.plan, what.listed);
      const running: ReadonlySet<number> = new Set();
      return {
        ...transfer,
        ...RELIEVED,
        phase: { type: 'sending', plan: what.plan, etags, running },
      };
    }
    case 'verifying':
      return { ...transfer, ...RELIEVED, phase: { type: 'verifying', plan: what.plan } };
    case 'settled':
      return { ...transfer, ...RELIEVED, phase: { type: 'ended', outcome: what.outcome } };
    default:
      return what satisfies never;
  }
}

function partsRefused(transfer: Transfer, numbers: readonly number[]): Transfer {
  const { phase } = transfer;
  if (phase.type !== 'completing') return transfer;
  const etags = new Map(phase.etags);
  for (const number of numbers) etags.delete(number);
  return { ...transfer, phase: { ...phase, type: 'sending', etags } };
}

/** The phase from which what failed is tried again. */
function tryingAgain(phase: Phase): Phase {
  switch (phase.type) {
    case 'opening':
      return { type: 'waiting' };
    case 'completing':
      return { ...phase, type: 'sending' };
    case 'listed':
    case 'waiting':
    case 'elsewhere':
    case 'sending':
    case 'verifying':
    case 'ended':
      return phase;
    default:
      return phase satisfies never;
  }
}

function stopped(phase: Phase): Phase {
  const again = tryingAgain(phase);
  return again.type === 'sending' ? { ...again, running: new Set() } : again;
}

function adding(numbers: ReadonlySet<number>, number: number): ReadonlySet<number> {
  return new Set(numbers).add(number);
}

function without(numbers: ReadonlySet<number>, number: number): ReadonlySet<number> {
  const left = new Set(numbers);
  left.delete(number);
  return left;
}
