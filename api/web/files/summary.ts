/** All files together, as the page tells of them. */
import type { FileView } from '../engine/entry.ts';
import type { Outcome } from '../engine/transfer.ts';

/** Where the page as a whole is. */
export type Situation =
  /** Nothing is sent: files are chosen and looked over. */
  | 'choosing'
  /** Some files are on their way, or being checked. */
  | 'sending'
  /** Everything that was sent has ended in one way or another. */
  | 'ended';

export interface Summary {
  readonly situation: Situation;
  readonly listed: { readonly count: number; readonly bytes: number };
  /** Files that were sent or are to be, those that failed left out. */
  readonly wanted: { readonly count: number; readonly bytes: number };
  readonly sentBytes: number;
  readonly doneCount: number;
  readonly verifyingCount: number;
  /** Files of which the store does not have every byte, or the API does not know it. */
  readonly unsentCount: number;
  /** Files by what became of them. */
  readonly ended: Readonly<Record<Outcome['type'], readonly FileView[]>>;
  /** Files that another tab of the browser sends. */
  readonly elsewhereCount: number;
  /** Everything on its way waits after trouble that came more than once. */
  readonly isTroubled: boolean;
}

/** Troubles in a row that a user is told of: one is over before it can be read. */
const TOLD_FROM = 2;

export function summaryOf(files: readonly FileView[]): Summary {
  const ended = {
    verified: [] as FileView[],
    duplicate: [] as FileView[],
    failed: [] as FileView[],
    unconfirmed: [] as FileView[],
  };
  const listed = { count: 0, bytes: 0 };
  const wanted = { count: 0, bytes: 0 };
  let sentBytes = 0;
  let verifyingCount = 0;
  let unsentCount = 0;
  let elsewhereCount = 0;
  let troubled = 0;
  let goingOn = 0;
  for (const file of files) {
    const { phase, size, troubles } = file.transfer;
    if (phase.type === 'listed') {
      listed.count += 1;
      listed.bytes += size;
      continue;
    }
    if (phase.type === 'ended') ended[phase.outcome.type].push(file);
    else if (phase.type === 'verifying') verifyingCount += 1;
    else if (phase.type === 'elsewhere') elsewhereCount += 1;
    else {
      unsentCount += 1;
      if (troubles >= TOLD_FROM && !file.isPaused) troubled += 1;
      else if (phase.type !== 'waiting' && !file.isPaused) goingOn += 1;
    }
    if (phase.type === 'ended' && phase.outcome.type === 'failed') continue;
    wanted.count += 1;
    wanted.bytes += size;
    sentBytes += file.sent;
  }
  const doneCount = ended.verified.length + ended.duplicate.length + ended.unconfirmed.length;
  return {
    situation: situationOf(
      unsentCount + verifyingCount + elsewhereCount,
      doneCount + ended.failed.length,
      listed.count,
    ),
    listed,
    wanted,
    sentBytes,
    doneCount,
    verifyingCount,
    unsentCount,
    elsewhereCount,
    ended,
    isTroubled: troubled > 0 && goingOn === 0,
  };
}

function situationOf(underWay: number, ended: number, listed: number): Situation {
  if (underWay > 0) return 'sending';
  return ended > 0 && listed === 0 ? 'ended' : 'choosing';
}

/** How much is sent, from 0 to 1: in bytes, or in files where there are none. */
export function progressOf({ wanted, sentBytes, doneCount }: Summary): number {
  if (wanted.bytes > 0) return sentBytes / wanted.bytes;
  return wanted.count === 0 ? 0 : doneCount / wanted.count;
}
