/** Who reads what partners give access to, by the sign-in of its browser. */
import type { Context } from 'koa';
import { DomainError } from '../../../domain/errors.ts';
import { findSignedIn, type UserSession } from '../../../domain/identity/user-session.ts';
import { type ShareId, UUID } from '../../../domain/ids.ts';
import { accessStanding } from '../../../domain/sharing/partner-access/access-standing.ts';
import { heldSecret } from '../../cookies.ts';
import type { ApiDeps } from '../../deps.ts';
import { NoticeError } from '../answers.ts';
import { listOffer, signInOffer } from '../sign-in/sign-in-pages.ts';

/** The sign-in of whoever asks; without one a page offers to sign in and to come back. */
export async function signedIn(
  ctx: Context,
  deps: ApiDeps,
  to: ShareId | null,
): Promise<UserSession> {
  const session = await findSignedIn(deps.database.em.fork(), heldSecret(ctx, deps.config, 'user'));
  if (session === null) throw new NoticeError('sign_in_needed', null, signInOffer(to));
  return session;
}

/**
 * Does something with a share. Who would have the access still is told how it ended; to anybody else it is
 * unknown.
 */
export async function asKnown<T>(
  deps: ApiDeps,
  { user }: UserSession,
  shareId: ShareId,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'not-found') throw error;
    const standing = await accessStanding(deps.database.em.fork(), shareId, user.id);
    if (standing === 'expired' || standing === 'revoked') {
      throw new NoticeError(`access_${standing}`, null, listOffer);
    }
    throw new NoticeError('unknown');
  }
}

/** An id in an address; what is none is nobody's. */
export function idIn<Id extends string>(text: string | undefined): Id {
  const id = (text ?? '').toLowerCase();
  if (!UUID.test(id)) throw new NoticeError('unknown');
  return id as Id;
}
