import { fieldsOf, listOf, numberOf, textOf } from '../contract.ts';
import type { Summary } from './summary.ts';

/** A file that the API has of an invite, from this visit or an earlier one. */
export interface SentFile {
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly state: 'uploading' | 'verifying' | 'verified';
  readonly caption: string;
}

const COUNTED = ['uploading', 'verifying', 'verified'] as const;

/**
 * The files that would be handed in, and those that are in the way of it, in the order in which they
 * were begun.
 * @throws UnexpectedAnswerError
 */
export function sentFilesOf(answer: unknown): SentFile[] {
  const uploads = listOf(fieldsOf(answer, 'facts'), 'uploads').map((one) =>
    fieldsOf(one, 'upload'),
  );
  return uploads
    .flatMap((upload) => {
      const state = COUNTED.find((known) => known === upload['state']);
      if (state === undefined) return [];
      const caption = upload['caption'];
      return [
        {
          id: textOf(upload, 'id'),
          path: textOf(upload, 'fileName'),
          size: numberOf(upload, 'size'),
          state,
          caption: typeof caption === 'string' ? caption : '',
        },
      ];
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Whether everything can be handed in, or what is in the way. */
export type Readiness =
  | { readonly type: 'ready' | 'nothing' | 'waiting' }
  | { readonly type: 'listed' | 'failed' | 'unfinished'; readonly count: number };

/** What this page has of files by itself, beside what the API knows. */
export type Busy = Pick<Summary, 'listed' | 'unsentCount' | 'verifyingCount' | 'elsewhereCount'> & {
  readonly failedCount: number;
};

/** Says what is to be done first, if anything: only when every file is verified all of it is handed in. */
export function readinessOf(sent: readonly SentFile[], busy: Busy): Readiness {
  const count = (state: SentFile['state']) => sent.filter((file) => file.state === state).length;
  if (isBusy(busy) || count('verifying') > 0) return { type: 'waiting' };
  if (busy.listed.count > 0) return { type: 'listed', count: busy.listed.count };
  if (busy.failedCount > 0) return { type: 'failed', count: busy.failedCount };
  if (count('uploading') > 0) return { type: 'unfinished', count: count('uploading') };
  return { type: count('verified') > 0 ? 'ready' : 'nothing' };
}

/** Whether files are on their way from this page, or being checked for it. */
export function isBusy({ unsentCount, verifyingCount, elsewhereCount }: Busy): boolean {
  return unsentCount + verifyingCount + elsewhereCount > 0;
}
