import { partsRefused } from '../../../domain/evidence/uploads/parts-to-send.ts';
import { UnexpectedAnswerError } from '../contract.ts';
import {
  AddressRefusedError,
  FileUnreadableError,
  PassingError,
  ProblemError,
  UploadGoneError,
} from '../errors.ts';
import type { Failure } from './transfer.ts';

/** Why nothing more is taken from this page. */
const SHUT_REASONS = ['closed', 'superseded', 'expired', 'used_up'] as const;
export type ShutReason = (typeof SHUT_REASONS)[number] | 'signed-out';

/** What there is to do about something that went wrong. */
export type Trouble =
  | { readonly type: 'again'; readonly after: number | null }
  /** With another address. */
  | { readonly type: 'sign-again' }
  | { readonly type: 'send-again'; readonly numbers: readonly number[] }
  /** Ask the API what the upload is by now. */
  | { readonly type: 'doubt' }
  | { readonly type: 'fail'; readonly failure: Failure }
  | { readonly type: 'shut'; readonly reason: ShutReason };

/** Whatever was thrown, as what there is to do about it. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof PassingError) return { type: 'again', after: error.after };
  if (error instanceof UnexpectedAnswerError) return { type: 'again', after: null };
  if (error instanceof AddressRefusedError) return { type: 'sign-again' };
  if (error instanceof UploadGoneError) return { type: 'doubt' };
  if (error instanceof FileUnreadableError) return failed('file-unreadable', '');
  if (error instanceof ProblemError) return troubleOfProblem(error);
  return failed('internal', error instanceof Error ? error.message : String(error));
}

function troubleOfProblem(problem: ProblemError): Trouble {
  const numbers = partsRefused(problem.members);
  if (numbers !== null) return { type: 'send-again', numbers };
  switch (problem.code) {
    case 'link-dead':
      return { type: 'shut', reason: shutReason(problem.members['reason']) };
    case 'not-signed-in':
      return { type: 'shut', reason: 'signed-out' };
    case 'not-found':
    case 'wrong-state':
      return { type: 'doubt' };
    default:
      return failed(problem.code, problem.message);
  }
}

function shutReason(told: unknown): ShutReason {
  return SHUT_REASONS.find((reason) => reason === told) ?? 'signed-out';
}

function failed(code: string, detail: string): Trouble {
  return { type: 'fail', failure: { code, detail } };
}
