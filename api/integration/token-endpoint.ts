/** The token endpoint of external systems: OAuth 2 client credentials, as RFC 6749 says. */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context, Next } from 'koa';
import { act } from '../../domain/act.ts';
import {
  type ClaimedClient,
  findClient,
  issueToken,
  TOKEN_SECONDS,
} from '../../domain/integration/access-token.ts';
import { createRateLimit, type RateLimit } from '../../platform/rate-limits.ts';
import type { ApiDeps } from '../deps.ts';
import { toDomainError } from '../problems.ts';
import { networkOf, sourceOf } from '../source.ts';
import { OAuthError } from './oauth-error.ts';
import { readTokenRequest, type TokenRequest } from './token-request.ts';

/** Where clients ask for a token. */
export const TOKEN_PATH = '/api/oauth2/token';

/** What one address may ask, what comes to nothing from it, and tokens for one client from there. */
const ASKS = { tries: 600, seconds: 600 };
const FAILURES = { tries: 30, seconds: 600 };
const TOKENS = { tries: 600, seconds: 600 };

/** Seconds after which to try again what could not be answered. */
const RETRY_AFTER = 5;

const FORM = 'application/x-www-form-urlencoded';

/** The endpoint, with errors of its own form: nothing that other routes do with bodies comes before it. */
export function tokenEndpoint(deps: ApiDeps): Router {
  const asks = createRateLimit(deps.database, { name: 'token-ask', ...ASKS });
  const failures = createRateLimit(deps.database, { name: 'token-failure', ...FAILURES });
  const tokens = createRateLimit(deps.database, { name: 'token-client', ...TOKENS });
  const router = new Router();
  router.post(
    TOKEN_PATH,
    oauthErrors(deps),
    bodyParser({ enableTypes: ['text'], extendTypes: { text: [FORM] }, textLimit: '16kb' }),
    async (ctx) => {
      ctx.state.route = TOKEN_PATH;
      const place = networkOf(ctx);
      await take(asks, place);
      if (ctx.is(FORM) !== FORM) {
        throw new OAuthError('invalid_request', `Send the body as ${FORM}.`);
      }
      const { body } = ctx.request;
      const request = readTokenRequest({
        form: typeof body === 'string' ? body : '',
        query: ctx.querystring,
        authorization: ctx.get('Authorization'),
      });
      // Counted before the look and given back after a right one, so that none looks beside the limit.
      await take(failures, place);
      const client = await findClaimed(deps, request);
      // From there only: whoever knows its ID and no secret must not use up what the client may ask.
      if (client !== null) await take(tokens, `${client.id} ${place}`);
      const token = client === null ? null : await issue(ctx, deps, client, request);
      if (token === null) {
        throw new OAuthError('invalid_client', 'These are not the credentials of a client.');
      }
      await failures.giveBack(place);
      ctx.set('Cache-Control', 'no-store');
      ctx.set('Pragma', 'no-cache');
      ctx.body = {
        access_token: token,
        token_type: 'Bearer',
        expires_in: TOKEN_SECONDS,
        scope: request.scopes.join(' '),
      };
    },
  );
  return router;
}

async function findClaimed(
  { database }: ApiDeps,
  { clientId, partnerId }: TokenRequest,
): Promise<ClaimedClient | null> {
  const found = await findClient(database.em.fork(), clientId);
  if (found === null || partnerId === null) return found;
  return partnerId.toLowerCase() === found.organizationId ? found : null;
}

async function issue(
  ctx: Context,
  deps: ApiDeps,
  client: ClaimedClient,
  { clientSecret, scopes }: TokenRequest,
): Promise<string | null> {
  const { id, organizationId } = client;
  const actor = { kind: 'api_client', id, organizationId } as const;
  return act(deps, { actor, source: sourceOf(ctx) }, async (acting) =>
    issueToken(acting, client, clientSecret, scopes),
  );
}

async function take(limit: RateLimit, key: string): Promise<void> {
  const wait = await limit.take(key);
  if (wait === null) return;
  // It came to nothing else: right requests of which there are many at once are no failures.
  await limit.giveBack(key);
  throw new OAuthError('temporarily_unavailable', 'Too many requests. Try again later.', {
    retryAfter: wait,
  });
}

/** Answers every error as section 5.2 says. */
function oauthErrors({ logger }: ApiDeps) {
  return async (ctx: Context, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const known = error instanceof OAuthError ? error : oauthErrorOf(error);
      if (known.status === 500) {
        logger.error({ requestId: ctx.state.requestId, err: error }, 'request failed');
      }
      ctx.status = known.status;
      ctx.set('Cache-Control', 'no-store');
      ctx.set('Pragma', 'no-cache');
      if (known.status === 401) ctx.set('WWW-Authenticate', 'Basic realm="casebridge"');
      const retryAfter = known.retryAfter ?? (known.status === 503 ? RETRY_AFTER : null);
      if (retryAfter !== null) ctx.set('Retry-After', String(retryAfter));
      ctx.body = { error: known.code, error_description: known.description };
    }
  };
}

function oauthErrorOf(error: unknown): OAuthError {
  const { code } = toDomainError(error);
  switch (code) {
    case 'unavailable':
      return new OAuthError('temporarily_unavailable', 'Try again shortly.', { cause: error });
    case 'internal':
      return new OAuthError('server_error', 'It has been logged.', { cause: error });
    default:
      return new OAuthError('invalid_request', 'The body cannot be read.', { cause: error });
  }
}
