import type { PortalKind } from './portal.entity.ts';

/** Files of one submission (product rules, section 5). */
export const MOST_FILES = 25;

/** What may be handed in through one link; bytes. */
export interface PortalLimits {
  readonly file: number;
  readonly total: number;
}

const GB = 1_000_000_000;
const INVITED: PortalLimits = { file: 60 * GB, total: 200 * GB };
const ANYBODY: PortalLimits = { file: 2 * GB, total: 10 * GB };

/** "60 GB a file and 200 GB a link; public 2 GB and 10 GB" (product rules, section 5). */
export function limitsOf(kind: PortalKind): PortalLimits {
  return kind === 'public' ? ANYBODY : INVITED;
}
