/**
 * The registry of routes: one `route()` validates what comes in, types what the handler gets,
 * checks what goes out, and describes it all for the OpenAPI document.
 */
import type { Context } from 'koa';
import { z } from 'zod';
import { type Act, act } from '../domain/act.ts';
import type { Source } from '../domain/audit/event.ts';
import { DomainError, invalid, notFound, type ProblemCode } from '../domain/errors.ts';
import type { Staff } from '../domain/identity/staff.ts';
import type { ApiDeps } from './deps.ts';
import { etagOf } from './etag.ts';
import { sourceOf } from './source.ts';
import { underKey } from './under-key.ts';
import { faultsOf } from './validation.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface AnswerSpec {
  readonly description: string;
  readonly body?: z.ZodType;
  readonly contentType?: string;
}

/** What a handler gives back: one of the answers that its route describes. */
export type Answer<Answers extends Record<number, AnswerSpec>> = {
  [Status in keyof Answers & number]: {
    readonly status: Status;
    readonly headers?: Readonly<Record<string, string>>;
    /** Sent as ETag; a client gives it back in If-Match. */
    readonly version?: number;
  } & (Answers[Status] extends { body: infer Body extends z.ZodType }
    ? { readonly body: z.input<Body> }
    : { readonly body?: NodeJS.ReadableStream | Buffer | string });
}[keyof Answers & number];

/** A staff request as its handler sees it: parsed, and with the means to act. */
export interface StaffRequest<Params, Query, Body, Answered> {
  readonly ctx: Context;
  readonly deps: ApiDeps;
  readonly staff: Staff;
  readonly source: Source;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /**
   * Runs the command that the request asks for, as one transaction that ends with the answer; under
   * an `Idempotency-Key` the answer is kept in that same transaction.
   */
  command(work: (act: Act) => Promise<Answered>): Promise<Answered>;
  /** @throws DomainError `precondition-failed` where the client's If-Match names another version */
  checkVersion(version: number): void;
}

export interface StaffRouteSpec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answers extends Record<number, AnswerSpec>,
> {
  readonly method: Method;
  /** Below `/api/v1`, in OpenAPI's form: `/cases/{caseId}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answers: Answers;
  /** The problems that clients should expect besides those of every route. */
  readonly problems?: readonly ProblemCode[];
  /**
   * Completes an answer that is given again to the same `Idempotency-Key`, with what is derived
   * rather than kept, such as a link. It asks for the permissions that the first answer took.
   */
  readonly again?: (deps: ApiDeps, staff: Staff, body: z.input<z.ZodType>) => Promise<unknown>;
}

/** A route as the application mounts it and the OpenAPI document describes it. */
export interface Route {
  readonly spec: StaffRouteSpec<z.ZodObject, z.ZodObject, z.ZodType, Record<number, AnswerSpec>>;
  readonly handle: (ctx: Context, deps: ApiDeps, staff: Staff) => Promise<void>;
}

/** What a request has that has nothing of a kind. */
export const NOTHING = z.strictObject({});

/** A route for signed-in staff. Bodies and queries are strict: unknown fields are faults. */
export function route<
  Answers extends Record<number, AnswerSpec>,
  Params extends z.ZodObject = typeof NOTHING,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodType = z.ZodUndefined,
>(
  spec: StaffRouteSpec<Params, Query, Body, Answers>,
  handler: (
    request: StaffRequest<z.output<Params>, z.output<Query>, z.output<Body>, Answer<Answers>>,
  ) => Promise<Answer<NoInfer<Answers>>>,
): Route {
  return {
    spec,
    async handle(ctx, deps, staff) {
      const { params, query, body } = parse(spec, ctx);
      const source = sourceOf(ctx);
      const { again } = spec;
      const request = {
        actor: staff.id,
        body,
        ...(again === undefined ? {} : { again: (kept: unknown) => again(deps, staff, kept) }),
      };
      const answer = await underKey(ctx, deps, request, (keep) =>
        handler({
          ctx,
          deps,
          staff,
          source,
          params,
          query,
          body,
          command: async (work) =>
            act(deps, { actor: staff.actor, source }, async (acting) => {
              const done = await work(acting);
              await keep(acting.em, done);
              return done;
            }),
          checkVersion: (version) => checkVersion(ctx, version),
        }),
      );
      checkAnswer(spec.answers, answer, deps.config.CASEBRIDGE_DEVELOPMENT);
      send(ctx, answer);
    },
  };
}

/**
 * Parameters, query and body of a request by a route's schemas.
 * @throws DomainError `validation-failed` with every fault; `not-found`, `unsupported-media-type`
 */
export function parse<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
>(spec: { readonly params?: Params; readonly query?: Query; readonly body?: Body }, ctx: Context) {
  // A POST without a body may say that its length is 0.
  if (ctx.request.length !== 0 && ctx.is('application/json') === false) {
    throw new DomainError('unsupported-media-type', 'Send the body as application/json.');
  }
  // An id that cannot be one is an id that nobody has.
  const params = (spec.params ?? NOTHING).safeParse(ctx.params);
  if (!params.success) throw notFound('address');
  const query = (spec.query ?? NOTHING).safeParse({ ...ctx.query });
  // The body parser gives an empty object where there is no body.
  const body = (spec.body ?? NOTHING).safeParse(ctx.request.body ?? {});
  if (!query.success || !body.success) {
    throw invalid(
      ...faultsOf(query.error, (path) => `?${path.join('.')}`),
      ...faultsOf(body.error, (path) => path.map((name) => `/${escapePointer(name)}`).join('')),
    );
  }
  return {
    params: params.data as z.output<Params>,
    query: query.data as z.output<Query>,
    body: body.data as z.output<Body>,
  };
}

/** RFC 6901 section 3. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** @throws DomainError `precondition-failed` where a request's If-Match names another version */
export function checkVersion(ctx: Context, version: number): void {
  const wanted = ctx.get('If-Match');
  if (wanted === '' || wanted === '*' || wanted === etagOf(version)) return;
  throw new DomainError(
    'precondition-failed',
    `It is at ${etagOf(version)} now. Read it again, and send your change on top of that.`,
  );
}

/** An answer, whatever its route. */
export interface SentAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: number;
  readonly body?: unknown;
}

/** In development and tests an answer that its route does not describe is an error of ours. */
export function checkAnswer(
  answers: Record<number, AnswerSpec>,
  answer: SentAnswer,
  strict: boolean,
): void {
  if (!strict) return;
  const described = answers[answer.status];
  if (described === undefined) throw new Error(`an answer of ${answer.status} is not described`);
  described.body?.parse(answer.body);
}

/** Sends an answer. */
export function send(ctx: Context, answer: SentAnswer): void {
  ctx.status = answer.status;
  ctx.set('Cache-Control', 'no-store');
  if (answer.version !== undefined) ctx.set('ETag', etagOf(answer.version));
  for (const [name, value] of Object.entries(answer.headers ?? {})) ctx.set(name, value);
  if (answer.body !== undefined) ctx.body = answer.body;
  else if (answer.status !== 204) ctx.body = null;
  ctx.status = answer.status;
}
