import type { Context } from 'koa';
import { DomainError, notFound } from '../../domain/errors.ts';
import { type UploadRequestId, UUID } from '../../domain/ids.ts';
import { authoriseRequest, type RequestGrant } from '../../domain/requests/request-session.ts';
import type { DeadRequestLink } from '../../domain/requests/request-state.ts';
import type { ApiDeps } from '../deps.ts';
import { secretFor } from '../pages/session-cookie.ts';
import { recordRefusal } from './refusals.ts';

/**
 * What the request's cookie may do, asked anew each time. A refusal to somebody known is recorded.
 * @param refusal what is thrown where the session's link opens nothing any more
 * @throws DomainError `not-signed-in` without a session of this request
 */
export async function authorised(
  ctx: Context,
  deps: ApiDeps,
  refusal: (state: DeadRequestLink) => Error,
): Promise<RequestGrant> {
  const requestId = requestIdOf(ctx);
  const secure = deps.config.CASEBRIDGE_PUBLIC_URL.startsWith('https:');
  const secret = secretFor(ctx, 'request', requestId, secure);
  const found = await authoriseRequest(deps.database.em.fork(), requestId, secret);
  switch (found.type) {
    case 'granted':
      return found.grant;
    case 'unknown':
      throw new DomainError(
        'not-signed-in',
        'Open your link again: this browser holds no session.',
      );
    case 'dead':
      await recordRefusal(ctx, deps, found.session, {
        type: 'dead-link',
        reason: found.state,
      });
      throw refusal(found.state);
    default:
      return found satisfies never;
  }
}

/** @throws DomainError `not-found` where the address holds no id */
export function requestIdOf(ctx: Context): UploadRequestId {
  const { requestId = '' } = ctx.params as { requestId?: string };
  if (!UUID.test(requestId)) throw notFound('address');
  return requestId as UploadRequestId;
}
