/** What the engine keeps of one file. */
import { partRange } from '../../../domain/evidence/uploads/parts-to-send.ts';
import type { Addresses } from './addresses.ts';
import type { Release, SourceFile } from './ports.ts';
import { reduce } from './reduce.ts';
import { listedTransfer, type Outcome, type Transfer, type TransferEvent } from './transfer.ts';

/** A file of the engine's, under this number for as long as the page lives. */
export type FileId = number;

/** A file as the page shows it. */
export interface FileView {
  readonly id: FileId;
  readonly source: SourceFile;
  readonly transfer: Transfer;
  readonly caption: string;
  readonly isPaused: boolean;
  /** Bytes that the store has confirmed, and those on their way to it. */
  readonly sent: number;
}

/** A file with what is on its way for it. */
export interface Entry {
  readonly id: FileId;
  readonly source: SourceFile;
  transfer: Transfer;
  /** What its sender says of it; '' for nothing. */
  caption: string;
  /** Whether this file alone is not to be sent for now. */
  isPaused: boolean;
  /** What keeps other tabs from sending it; null where nothing is on its way. */
  claim: Promise<Release | null> | null;
  /** For what is on its way; aborted, and another one, when that is broken off. */
  work: AbortController;
  /** The idempotency key of the next upload that is begun for it. */
  key: string;
  addresses: Addresses | null;
  readonly onTheWay: Map<number, number>;
  refusals: number;
}

/** A file that was chosen only just. */
export function newEntry(id: FileId, source: SourceFile, key: string): Entry {
  return {
    id,
    source,
    transfer: listedTransfer(source.size),
    caption: '',
    isPaused: false,
    claim: null,
    work: new AbortController(),
    key,
    addresses: null,
    onTheWay: new Map(),
    refusals: 0,
  };
}

/** How a file stands at this moment. */
export function viewOf({ id, source, transfer, caption, isPaused, onTheWay }: Entry): FileView {
  let sent = confirmedBytes(transfer);
  for (const bytes of onTheWay.values()) sent += bytes;
  return { id, source, transfer, caption, isPaused, sent };
}

/** Bytes of a file that the store has confirmed. */
function confirmedBytes({ phase, size }: Transfer): number {
  switch (phase.type) {
    case 'listed':
    case 'waiting':
    case 'elsewhere':
    case 'opening':
      return 0;
    case 'sending':
    case 'completing': {
      const { plan, etags } = phase;
      const last = partRange(plan, plan.partCount);
      const isLastThere = etags.has(last.number);
      return etags.size * plan.partSize - (isLastThere ? plan.partSize - last.length : 0);
    }
    case 'verifying':
      return size;
    case 'ended':
      return phase.outcome.type === 'failed' ? 0 : size;
    default:
      return phase satisfies never;
  }
}

/** A failure that our own words explain. */
export function failedBy(code: string): Outcome {
  return { type: 'failed', failure: { code, detail: '' } };
}

/** Lets an event happen to a file. */
export function apply(entry: Entry, event: TransferEvent): void {
  entry.transfer = reduce(entry.transfer, event);
}

/** Settles what became of a file. */
export function end(entry: Entry, outcome: Outcome): void {
  apply(entry, { type: 'ended', outcome });
}

/** Lets other tabs send a file. */
export function letGo(entry: Entry): void {
  void entry.claim?.then((release) => release?.());
  entry.claim = null;
}

/** Breaks off what is on its way for a file; answers that come after all count for nothing. */
export function breakOff(entry: Entry): void {
  entry.work.abort();
  entry.work = new AbortController();
  entry.onTheWay.clear();
  entry.addresses = null;
  apply(entry, { type: 'stopped' });
}
