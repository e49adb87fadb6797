import { type Fault, invalid } from './errors.ts';

/** Something that a request names, and where in the request. */
export interface Named {
  readonly pointer: string;
  /** What it should be, in the words of the refusal. */
  readonly type: string;
}

/**
 * Refuses what a request names and the organization does not have.
 * @throws DomainError `validation-failed` with each of them; strangers and unknown ones look the same
 */
export function requireKnown<One extends Named>(
  named: readonly One[],
  isKnown: (one: One) => boolean,
): void {
  const faults = named
    .filter((one) => !isKnown(one))
    .map(
      ({ type, pointer }): Fault => ({
        pointer,
        detail: `There is no such ${type} in this organization.`,
      }),
    );
  if (faults.length > 0) throw invalid(...faults);
}
