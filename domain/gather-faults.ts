import { DomainError, type Fault } from './errors.ts';

/**
 * Runs a check, and adds the faults that it finds to others, so that a request is told all of them at
 * once.
 * @returns what the check gives; undefined where it found faults
 * @throws whatever is no fault of the request's content
 */
export async function gatherFaults<T>(
  faults: Fault[],
  check: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'validation-failed') throw error;
    faults.push(...error.faults);
    return undefined;
  }
}
