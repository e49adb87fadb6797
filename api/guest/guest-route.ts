/** Routes for guests: whoever holds a session of something that takes files. */
import type { Context } from 'koa';
import { z } from 'zod';
import { type Act, act } from '../../domain/act.ts';
import { DomainError, type ProblemCode } from '../../domain/errors.ts';
import type { UploadingParty } from '../../domain/evidence/uploads/uploading-party.ts';
import type { ApiDeps } from '../deps.ts';
import { type Answer, type AnswerSpec, checkAnswer, type NOTHING, parse, send } from '../route.ts';
import { sourceOf } from '../source.ts';
import { underKey } from '../under-key.ts';
import type { GuestKind } from './guest-kind.ts';
import { requireSameSite } from './same-site.ts';

/** A guest's request as its handler sees it. */
export interface GuestRequest<Grant, Params, Query, Body, Answered> {
  readonly ctx: Context;
  readonly deps: ApiDeps;
  readonly grant: Grant;
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
  /** Below the prefix of its kind, in OpenAPI's form. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Those of the path; the kind knows those of its prefix. */
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

/** A route for guests of a kind: the session decides anew each time; other sites may not call it. */
export function guestRoute<
  Grant,
  Answers extends Record<number, AnswerSpec>,
  Params extends z.ZodObject,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodType = z.ZodUndefined,
>(
  kind: GuestKind<Grant>,
  spec: GuestRouteSpec<Params, Query, Body, Answers>,
  handler: (
    request: GuestRequest<
      Grant,
      z.output<Params>,
      z.output<Query>,
      z.output<Body>,
      Answer<Answers>
    >,
  ) => Promise<Answer<NoInfer<Answers>>>,
): GuestRoute {
  return {
    spec,
    async handle(ctx, deps) {
      if (spec.method !== 'get') requireSameSite(ctx, deps.config.CASEBRIDGE_PUBLIC_URL);
      const grant = await kind.authorise(ctx, deps);
      const by = { actor: kind.actorOf(grant), source: sourceOf(ctx) };
      try {
        const parsed = parse(spec, ctx);
        const keyed = { actor: kind.keyOwnerOf(grant), body: parsed.body };
        const answer = await underKey(ctx, deps, keyed, (keep) =>
          handler({
            ctx,
            deps,
            grant,
            party: kind.partyOf(grant),
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
          await kind.recordRefusal(ctx, deps, grant, error.code);
        }
        throw error;
      }
    },
  };
}

/** The parameters of a path that has none: what the prefix names is looked at with the session. */
export const PREFIX_ONLY = z.object({});

/** Refusals that say something of what takes the files, and not only of how a program asked. */
const RECORDED: ReadonlySet<ProblemCode> = new Set([
  'link-dead',
  'file-too-large',
  'file-type-not-supported',
  'too-many-files',
  'too-many-bytes',
]);
