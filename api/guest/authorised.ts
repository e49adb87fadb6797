/** What the cookie of a guest may do: of whoever holds a session of an upload request, or of an invite. */
import type { Context } from 'koa';
import { DomainError, notFound } from '../../domain/errors.ts';
import { type InviteId, type UploadRequestId, UUID } from '../../domain/ids.ts';
import { authoriseInvite } from '../../domain/portals/invites/invite-session.ts';
import { authoriseRequest } from '../../domain/requests/request-session.ts';
import { heldSecret } from '../cookies.ts';
import type { ApiDeps } from '../deps.ts';
import { type Refusal, recordInviteRefusal, recordRefusal } from './refusals.ts';

/** What came of asking what a session may do. */
type Authorisation<Grant, Dead, Session> =
  | { readonly type: 'granted'; readonly grant: Grant }
  | { readonly type: 'unknown' }
  | { readonly type: 'dead'; readonly state: Dead; readonly session: Session };

/** Asks anew each time what a cookie may do; a refusal to somebody known is recorded. */
function authorising<Id extends string, Grant, Dead extends string, Session>(kind: {
  readonly heldFor: 'request' | 'invite';
  idOf(ctx: Context): Id;
  authorise(deps: ApiDeps, id: Id, secret: string): Promise<Authorisation<Grant, Dead, Session>>;
  record(ctx: Context, deps: ApiDeps, session: Session, refusal: Refusal): Promise<void>;
}) {
  return async (ctx: Context, deps: ApiDeps, refusal: (state: Dead) => Error): Promise<Grant> => {
    const id = kind.idOf(ctx);
    const secret = heldSecret(ctx, deps.config, `${kind.heldFor}-${id}`);
    const found = await kind.authorise(deps, id, secret);
    switch (found.type) {
      case 'granted':
        return found.grant;
      case 'unknown':
        throw new DomainError(
          'not-signed-in',
          'Open your link again: this browser holds no session.',
        );
      case 'dead':
        await kind.record(ctx, deps, found.session, { type: 'dead-link', reason: found.state });
        throw refusal(found.state);
      default:
        return found satisfies never;
    }
  };
}

/**
 * What the request's cookie may do.
 * @param refusal what is thrown where the session's link opens nothing any more
 * @throws DomainError `not-signed-in` without a session of this request
 */
export const authorisedForRequest = authorising({
  heldFor: 'request',
  idOf: requestIdOf,
  authorise: (deps, id, secret) => authoriseRequest(deps.database.em.fork(), id, secret),
  record: recordRefusal,
});

/** The same for the invite's cookie. */
export const authorisedForInvite = authorising({
  heldFor: 'invite',
  idOf: (ctx) => idIn(ctx, 'inviteId') as InviteId,
  authorise: (deps, id, secret) => authoriseInvite(deps.database.em.fork(), id, secret),
  record: recordInviteRefusal,
});

/** @throws DomainError `not-found` where the address holds no id */
export function requestIdOf(ctx: Context): UploadRequestId {
  return idIn(ctx, 'requestId') as UploadRequestId;
}

function idIn(ctx: Context, parameter: 'requestId' | 'inviteId'): string {
  const { [parameter]: id = '' } = ctx.params as Readonly<Record<string, string>>;
  if (!UUID.test(id)) throw notFound('address');
  return id;
}
