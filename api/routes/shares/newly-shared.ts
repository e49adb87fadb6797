import type { ShareId } from '../../../domain/ids.ts';

/** A share that was just made, with what only the answer that made it says. */
export interface NewlyShared {
  readonly id: ShareId;
  readonly onlyNow?: { readonly link: string };
}
