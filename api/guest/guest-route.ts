/** Routes for whoever holds a session of an upload request: `/guest/v1/requests/{requestId}`. */
import type { Context } from 'koa';
import type { z } from 'zod';
import { type Act, act } from '../../domain/act.ts';
import { DomainError, type ProblemCode } from '../../domain/errors.ts';
import type { UploadingParty } from '../../domain/evidence/uploading-party.ts';
import { linkDead, requestParty } from '../../domain/requests/request-party.ts';
import { type RequestGrant, requestActor } from '../../domain/requests/request-session.ts';
import type { ApiDeps } from '../deps.ts';
import { type Answer, type AnswerSpec, checkAnswer, type NOTHING, parse, send } from '../route.ts';
import { sourceOf } from '../source.ts';
import { underKey } from '../under-key.ts';
import { authorised } from './authorised.ts';
import { recordRefusal } from './refusals.ts';
import { requireSameSite } from './same-site.ts';

/** A guest's request as its handler sees it. */
export interface GuestRequest<Params, Query, Body, Answered> {
  readonly ctx: Context;
  readonly deps: ApiDeps;
  readonly grant: RequestGrant;
  /** The guest as somebody who sends files. */
  readonly party: UploadingParty;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Runs a command as the guest, as one transaction. */
  command<T>(work: (act: Act) => Promise<T>): Promise<T>;
  /** The same where the transaction ends with the answer, which an `Idempotency-Key` keeps. */
  commandOnce(work: (act: Act) => Promise<Answered>): Promise<Answered>;
}

/** What a guest’s call takes and answers. */
export interface GuestRouteSpec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answers extends Record<number, AnswerSpec>,
> {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/guest/v1/requests/{requestId}`, in OpenAPI's form. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answers: Answers;
  readonly problems?: readonly ProblemCode[];
}

/** A route as the application mounts it and the OpenAPI document describes it. */
export interface GuestRoute {
  readonly spec: GuestRouteSpec<z.ZodObject, z.ZodObject, z.ZodType, Record<number, AnswerSpec>>;
  readonly handle: (ctx: Context, deps: ApiDeps) => Promise<void>;
}

/** A route for guests: the session decides anew each time; other sites may not call it. */
export function guestRoute<
  Answers extends Record<number, AnswerSpec>,
  Params extends z.ZodObject,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodType = z.ZodUndefined,
>(
  spec: GuestRouteSpec<Params, Query, Body, Answers>,
  handler: (
    request: GuestRequest<z.output<Params>, z.output<Query>, z.output<Body>, Answer<Answers>>,
  ) => Promise<Answer<NoInfer<Answers>>>,
): GuestRoute {
  return {
    spec,
    async handle(ctx, deps) {
      if (spec.method !== 'get') requireSameSite(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
      const grant = await authorised(ctx, deps, linkDead);
      const by = {
        actor: requestActor(grant.sessionId, grant.organizationId),
        source: sourceOf(ctx),
      };
      try {
        const parsed = parse(spec, ctx);
        // Whoever holds a session of the request is the one trusted user: a key outlives a session.
        const keyed = { actor: grant.requestId, body: parsed.body };
        const answer = await underKey(ctx, deps, keyed, (keep) =>
          handler({
            ctx,
            deps,
            grant,
            party: requestParty(grant),
            ...parsed,
            command: (work) => act(deps, by, work),
            commandOnce: (work) =>
              act(deps, by, async (acting) => {
                const done = await work(acting);
                await keep(acting.em, done);
                return done;
              }),
          }),
        );
        checkAnswer(spec.answers, answer, deps.config.CASEBRIDGE_DEVELOPMENT);
        send(ctx, answer);
      } catch (error) {
        if (error instanceof DomainError && RECORDED.has(error.code)) {
          await recordRefusal(ctx, deps, grant, { type: 'file', reason: error.code });
        }
        throw error;
      }
    },
  };
}

/** Refusals that say something of the request, and not only of how a program asked. */
const RECORDED: ReadonlySet<ProblemCode> = new Set([
  'link-dead',
  'file-too-large',
  'file-type-not-supported',
  'too-many-files',
]);
