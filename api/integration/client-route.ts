/** Routes for external systems: whoever has an access token of an API client. */
import type { Context } from 'koa';
import type { z } from 'zod';
import { type Act, act } from '../../domain/act.ts';
import { DomainError, PROBLEMS, type ProblemCode } from '../../domain/errors.ts';
import { UUID } from '../../domain/ids.ts';
import type { ApiScope } from '../../domain/integration/api-client.entity.ts';
import {
  type ApiClientGrant,
  findClientGrant,
  holdClient,
  requireIncidentReports,
  tokenRefused,
} from '../../domain/integration/client-grant.ts';
import type { RateLimit } from '../../platform/rate-limits.ts';
import type { ApiDeps } from '../deps.ts';
import {
  type Answer,
  type AnswerSpec,
  checkAnswer,
  checkVersion,
  type NOTHING,
  parse,
  send,
} from '../route.ts';
import { sourceOf } from '../source.ts';
import { underKey } from '../under-key.ts';

/** A client's request as its handler sees it. */
export interface ClientRequest<Params, Body, Answered> {
  readonly deps: ApiDeps;
  readonly client: ApiClientGrant;
  readonly params: Params;
  readonly body: Body;
  /**
   * Runs the command that the request asks for, as one transaction that holds the client and ends with the
   * answer; an `Idempotency-Key` keeps it.
   */
  command(work: (act: Act) => Promise<Answered>): Promise<Answered>;
  /** @throws DomainError `precondition-failed` where the client's If-Match names another version */
  checkVersion(version: number): void;
}

/** What a client's call takes and answers. */
export interface ClientRouteSpec<
  Params extends z.ZodObject,
  Body extends z.ZodType,
  Answers extends Record<number, AnswerSpec>,
> {
  readonly method: 'post' | 'patch';
  /** Below `/api/pes-portals`, in OpenAPI's form. */
  readonly path: string;
  readonly scope: ApiScope;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  readonly body: Body;
  readonly answers: Answers;
  readonly problems?: readonly ProblemCode[];
  /** Completes an answer that is given again to the same `Idempotency-Key` with what is derived. */
  readonly again?: (deps: ApiDeps, client: ApiClientGrant, body: unknown) => Promise<unknown>;
}

/** A route as the application mounts it and the OpenAPI document describes it. */
export interface ClientRoute {
  readonly spec: ClientRouteSpec<z.ZodObject, z.ZodType, Record<number, AnswerSpec>>;
  readonly handle: (ctx: Context, deps: ApiDeps, calls: RateLimit) => Promise<void>;
}

/** A route for API clients; who asks is looked up anew each time. */
export function clientRoute<
  Answers extends Record<number, AnswerSpec>,
  Body extends z.ZodType,
  Params extends z.ZodObject = typeof NOTHING,
>(
  spec: ClientRouteSpec<Params, Body, Answers>,
  handler: (
    request: ClientRequest<z.output<Params>, z.output<Body>, Answer<Answers>>,
  ) => Promise<Answer<NoInfer<Answers>>>,
): ClientRoute {
  return {
    spec,
    async handle(ctx, deps, calls) {
      const client = await authenticateClient(ctx, deps);
      try {
        await takeCall(calls, client);
        requireScope(ctx, client, spec.scope);
        requireIncidentReports(client);
        const { params, body } = parse(spec, ctx);
        const { again } = spec;
        const request = {
          actor: client.clientId,
          body,
          ...(again === undefined ? {} : { again: (kept: unknown) => again(deps, client, kept) }),
        };
        const by = { actor: client.actor, source: sourceOf(ctx) };
        const answer = await underKey(ctx, deps, request, (keep) =>
          handler({
            deps,
            client,
            params,
            body,
            command: async (work) =>
              act(deps, by, async (acting) => {
                await holdClient(acting.em, client);
                const done = await work(acting);
                await keep(acting.em, done);
                return done;
              }),
            checkVersion: (version) => checkVersion(ctx, version),
          }),
        );
        checkAnswer(spec.answers, answer, deps.config.CASEBRIDGE_DEVELOPMENT);
        send(ctx, answer);
      } catch (error) {
        if (error instanceof DomainError && PROBLEMS[error.code].status === 403) {
          await recordClientRefusal(ctx, deps, client, error);
        }
        if (error instanceof DomainError && error.code === 'not-signed-in') challenge(ctx, true);
        throw error;
      }
    },
  };
}

/** What an `Authorization` header has of a bearer token (RFC 6750, section 2.1). */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** @throws DomainError `not-signed-in` */
async function authenticateClient(ctx: Context, deps: ApiDeps): Promise<ApiClientGrant> {
  const [, token] = BEARER.exec(ctx.get('Authorization')) ?? [];
  if (token === undefined) {
    challenge(ctx, false);
    throw new DomainError('not-signed-in', 'Send an access token: Authorization: Bearer …');
  }
  const client = await findClientGrant(deps.database.em.fork(), token);
  if (client !== null) return client;
  challenge(ctx, true);
  throw tokenRefused();
}

/** RFC 6750, section 3: an error is named only where a token was sent. */
function challenge(ctx: Context, sent: boolean): void {
  const error = ', error="invalid_token", error_description="unknown, expired or cut off"';
  ctx.set('WWW-Authenticate', `Bearer realm="casebridge"${sent ? error : ''}`);
}

function requireScope(ctx: Context, { scopes }: ApiClientGrant, scope: ApiScope): void {
  if (scopes.includes(scope)) return;
  ctx.set(
    'WWW-Authenticate',
    `Bearer realm="casebridge", error="insufficient_scope", scope="${scope}"`,
  );
  throw new DomainError(
    'permission-missing',
    `The access token lacks the scope ${scope}. Ask for a token with it.`,
    { members: { missing: [scope] } },
  );
}

async function takeCall(calls: RateLimit, { clientId }: ApiClientGrant): Promise<void> {
  const retryAfter = await calls.take(clientId);
  if (retryAfter === null) return;
  throw new DomainError('too-many-requests', 'Wait, then go on more slowly.', {
    members: { retryAfter },
  });
}

/** Records that a client was refused: an event of its own, since the act did not happen. */
export async function recordClientRefusal(
  ctx: Context,
  deps: ApiDeps,
  { actor, clientId, organization }: ApiClientGrant,
  error: DomainError,
): Promise<void> {
  const named = Object.values(ctx.params as Record<string, string>).filter((value) =>
    UUID.test(value.toLowerCase()),
  );
  await act(deps, { actor, source: sourceOf(ctx) }, async ({ audit }) => {
    audit({
      organizationId: organization.id,
      action: 'api_client.refused',
      objects: [clientId, ...named],
      outcome: 'refused',
      reason: error.code,
      data: { route: ctx.state.route, method: ctx.method, ...error.members },
    });
  });
}
