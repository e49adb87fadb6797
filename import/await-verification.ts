import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.ts';
import { readVerifying } from './case.ts';
import { type Upload, upload as uploadAnswer } from './contract.ts';
import type { LocalFile } from './folder.ts';
import type { Outcome } from './outcome.ts';
import type { Progress } from './progress.ts';

/** A file that was sent, and the upload and evidence that it became. */
export interface Sent {
  readonly file: LocalFile;
  readonly uploadId: string;
  readonly evidenceId: string | undefined;
}

/** Milliseconds between two looks: soon at first, then less and less often. */
const FIRST_LOOK = 250;
const LONGEST_LOOK = 5_000;

/** Milliseconds without any file verified after which no more is waited. */
const PATIENCE = 10 * 60_000;

/**
 * Waits until every file was read back and settled, one request for all of them at a time.
 * @returns the outcome of each; `unverified` for those that took too long
 */
export async function awaitVerification(
  api: Api,
  caseId: string,
  sent: readonly Sent[],
  progress: Progress,
): Promise<Map<LocalFile, Outcome>> {
  const outcomes = new Map<LocalFile, Outcome>();
  let waiting = [...sent];
  let look = FIRST_LOOK;
  let last = performance.now();
  while (waiting.length > 0 && performance.now() - last < PATIENCE) {
    const verifying = await readVerifying(api, caseId);
    const left: Sent[] = [];
    for (const one of waiting) {
      const open = one.evidenceId !== undefined && verifying.has(one.evidenceId);
      const outcome = open
        ? null
        : outcomeOf(await api.get(`/evidence/uploads/${one.uploadId}`, uploadAnswer));
      if (outcome === null) left.push(one);
      else {
        outcomes.set(one.file, outcome);
        progress.pass(one.file.size);
      }
    }
    if (left.length < waiting.length) last = performance.now();
    waiting = left;
    if (waiting.length > 0) await pause(look, undefined, { signal: api.signal });
    look = Math.min(look * 1.5, LONGEST_LOOK);
  }
  for (const { file } of waiting) outcomes.set(file, { type: 'unverified' });
  return outcomes;
}

/** What became of a settled upload; null while it is open. */
function outcomeOf({ state, failure }: Upload): Outcome | null {
  switch (state) {
    case 'uploading':
    case 'verifying':
      return null;
    case 'verified':
      return { type: 'uploaded' };
    case 'duplicate':
      return { type: 'duplicate' };
    case 'failed':
      return { type: 'failed', reason: failure?.detail ?? 'refused' };
    case 'aborted':
      return { type: 'failed', reason: 'It was given up.' };
  }
}
