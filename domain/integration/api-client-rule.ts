/** The rule of an API client's life (product rules, sections 5 and 6). Pure. */
import type { Next } from '../lifecycle/life.ts';

/** What the rule sees of a client. */
export interface ApiClientFacts {
  /** Changes that administrators were not told of. */
  readonly untold: number;
}

/** The short steps of a client's life. */
export type ApiClientStep = 'tell of changes';

/**
 * What is due next on an API client: administrators are told of each change at once. Then the life ends,
 * until the next change begins it again.
 */
export function nextApiClientStep({ untold }: ApiClientFacts): Next<ApiClientStep> {
  return untold > 0 ? { type: 'due', step: 'tell of changes' } : { type: 'finished' };
}
