/** Why a copy, or an update of one, was not delivered: the codes are stable, the details say what to do. */

const COPY_FAILURE_DETAILS = {
  'partnership-ended':
    'The partnership has ended, or one of its directions was taken back, while the copy was made.',
  'feature-off': 'Case sharing was switched off at one of the two organizations.',
  'no-recipient': 'None of the recipients has an account that works. Share the case again.',
  'evidence-changed':
    'Evidence that was to be copied has left the case or is not active any more. Share what there is now.',
  'object-missing':
    'The object store does not have a file of the case. Tell the operator of this installation.',
  'object-changed':
    'The object store has another file in the place of one of the case. Tell the operator of this installation.',
  'not-identical':
    'A copied file was read back and is not identical to what was verified at its upload. Tell the operator of this installation.',
  'target-case-missing':
    'The partner has deleted its case. Share the case again to make a new one.',
  'not-delivered': 'The copy that this was to update was not delivered. Share the case again.',
} as const;

export type CopyFailureCode = keyof typeof COPY_FAILURE_DETAILS;

export interface CopyFailure {
  readonly code: CopyFailureCode;
  readonly detail: string;
}

export function copyFailure(code: CopyFailureCode): CopyFailure {
  return { code, detail: COPY_FAILURE_DETAILS[code] };
}
