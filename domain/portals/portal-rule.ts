/** The rule of a portal's life (product rules, sections 5 and 6). Pure. */
import type { Next } from '../lifecycle/life.ts';

/** What the rule sees of a portal. */
export interface PortalFacts {
  readonly closedAt: Date | null;
  /** Null where it stays open until it is closed. */
  readonly expiresAt: Date | null;
  /** Whether it was dealt with that the portal was made: somebody told of it, where that is set. */
  readonly creationTold: boolean;
  /** The expiry that was recorded. */
  readonly expiryHandledFor: Date | null;
  /** Submissions that the owner was not told of. */
  readonly untold: number;
  /** Whether the owner was told of one and nobody has looked since: for public portals one mail is enough. */
  readonly waitsForSight: boolean;
}

/** The short steps of a portal’s life. */
export type PortalStep = 'tell of creation' | 'tell of submissions' | 'handle expiry';

/** What is due next on a portal, or what it waits for. */
export function nextPortalStep(facts: PortalFacts, now: Date): Next<PortalStep> {
  if (!facts.creationTold) return { type: 'due', step: 'tell of creation' };
  if (facts.untold > 0 && !facts.waitsForSight) return { type: 'due', step: 'tell of submissions' };
  if (facts.closedAt !== null) return { type: 'finished' };
  const { expiresAt } = facts;
  if (expiresAt === null || expiresAt.getTime() === facts.expiryHandledFor?.getTime()) {
    return { type: 'wait', for: 'something to be handed in, or closing', until: null, work: [] };
  }
  if (expiresAt <= now) return { type: 'due', step: 'handle expiry' };
  return { type: 'wait', for: 'expiry', until: expiresAt, work: [] };
}
