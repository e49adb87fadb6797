import type { Context } from 'koa';
import { DomainError, notFound } from '../../domain/errors.ts';
import { type InviteId, UUID } from '../../domain/ids.ts';
import { authoriseInvite, type InviteGrant } from '../../domain/portals/invite-session.ts';
import type { DeadInviteLink } from '../../domain/portals/invite-state.ts';
import type { ApiDeps } from '../deps.ts';
import { secretFor } from '../pages/session-cookie.ts';
import { recordInviteRefusal } from './refusals.ts';

/**
 * What the invite's cookie may do, asked anew each time. A refusal to somebody known is recorded.
 * @param refusal what is thrown where the session's link opens nothing any more
 * @throws DomainError `not-signed-in` without a session of this invite
 */
export async function authorisedForInvite(
  ctx: Context,
  deps: ApiDeps,
  refusal: (state: DeadInviteLink) => Error,
): Promise<InviteGrant> {
  const inviteId = inviteIdOf(ctx);
  const secure = deps.config.CASEBRIDGE_PUBLIC_URL.startsWith('https:');
  const secret = secretFor(ctx, 'invite', inviteId, secure);
  const found = await authoriseInvite(deps.database.em.fork(), inviteId, secret);
  switch (found.type) {
    case 'granted':
      return found.grant;
    case 'unknown':
      throw new DomainError(
        'not-signed-in',
        'Open your link again: this browser holds no session.',
      );
    case 'dead':
      await recordInviteRefusal(ctx, deps, found.session, {
        type: 'dead-link',
        reason: found.state,
      });
      throw refusal(found.state);
    default:
      return found satisfies never;
  }
}

/** @throws DomainError `not-found` where the address holds no id */
function inviteIdOf(ctx: Context): InviteId {
  const { inviteId = '' } = ctx.params as { inviteId?: string };
  if (!UUID.test(inviteId)) throw notFound('address');
  return inviteId as InviteId;
}
