import { pauseAfter } from '../engine/backoff.ts';
import { type ShutReason, troubleOf } from '../engine/trouble.ts';
import { ProblemError } from '../errors.ts';
import type { Call } from '../upload-calls.ts';

/** What came of handing in. */
export type Submitted =
  | { readonly type: 'done' }
  /** Fields that are not taken, by their names. */
  | { readonly type: 'invalid'; readonly fields: readonly string[] }
  /** The terms, or the files, are others than the page shows. */
  | { readonly type: 'changed'; readonly what: 'terms' | 'files' }
  | { readonly type: 'shut'; readonly reason: ShutReason }
  | { readonly type: 'failed' };

/** What is handed in besides the files. */
export interface NewSubmission {
  readonly communityMember: Readonly<Record<string, string>>;
  readonly acceptedTerms: string | false;
}

/**
 * Hands in, under one key however often it has to be asked, until somebody answers.
 * @param waiting called when the connection is interrupted
 */
export async function submit(
  call: Call,
  submission: NewSubmission,
  waiting: () => void,
): Promise<Submitted> {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  for (let tries = 1; ; tries += 1) {
    try {
      const headers = { 'Idempotency-Key': key };
      await call('POST', '/submission', { body: submission, headers });
      return { type: 'done' };
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble.type === 'shut') {
        // Another tab, or a try whose answer was lost.
        return trouble.reason === 'used_up' ? { type: 'done' } : trouble;
      }
      if (error instanceof ProblemError) return outcomeOf(error);
      if (trouble.type !== 'again') return { type: 'failed' };
      waiting();
      const pause = pauseAfter(tries, trouble.after, Math.random());
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function outcomeOf({ code, members }: ProblemError): Submitted {
  if (code === 'validation-failed') return { type: 'invalid', fields: fieldsIn(members['errors']) };
  if (code !== 'wrong-state') return { type: 'failed' };
  return { type: 'changed', what: members['terms'] === undefined ? 'files' : 'terms' };
}

/** The last segments of the pointers that a problem document names (RFC 6901). */
function fieldsIn(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const pointer: unknown = Object(error).pointer;
    return typeof pointer === 'string' ? [pointer.slice(pointer.lastIndexOf('/') + 1)] : [];
  });
}
