import type { Context, Next } from 'koa';
import { DomainError, PROBLEMS, type ProblemCode } from '../domain/errors.ts';
import type { Logger } from '../platform/logging.ts';

/** A problem document of RFC 9457 as Casebridge sends it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The address of a problem's explanation in the API's documentation. */
const PROBLEM_TYPE = '/problems/';

/** Seconds after which a client may try again what could not be answered. */
const RETRY_AFTER = '5';

function problemOf(error: DomainError, requestId: string): Problem {
  const { status, title } = PROBLEMS[error.code];
  return {
    type: `${PROBLEM_TYPE}${error.code}`,
    title,
    status,
    detail: error.detail,
    code: error.code,
    requestId,
    ...(error.faults.length > 0 ? { errors: error.faults } : {}),
    ...error.members,
  };
}

/** SQLSTATEs of a statement that took too long, or waited too long for a lock. */
const TOO_SLOW = new Set(['57014', '55P03']);

function databaseTooSlow(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && TOO_SLOW.has(String(cause.code))) return true;
  }
  return false;
}

/** SQLSTATE classes and socket errors that mean: PostgreSQL or the store is away, or it is shutting down. */
function isAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (/^(08|57P0|53300)/.test(code)) return true;
    if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].includes(code))
      return true;
    if (/Connection terminated|not queryable|timeout exceeded when trying/.test(cause.message))
      return true;
  }
  return false;
}

/** An error of zlib: only bodies of requests are unpacked. */
function isNotPacked(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'Z_DATA_ERROR' || error.code === 'Z_BUF_ERROR';
}

/** Every error becomes what may be said of it; what must not be said goes to the log only. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isAway(error)) {
    return new DomainError('unavailable', 'What this needs does not answer. Try again shortly.', {
      cause: error,
    });
  }
  if (databaseTooSlow(error)) {
    return new DomainError('unavailable', 'It took too long. Try again shortly.', { cause: error });
  }
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 400) {
    return new DomainError('malformed-request', 'The request body is not valid JSON.', {
      cause: error,
    });
  }
  if (isNotPacked(error)) {
    return new DomainError(
      'malformed-request',
      'The request body is not packed as its Content-Encoding says.',
      { cause: error },
    );
  }
  if (status === 413) {
    return new DomainError('body-too-large', 'The request body is larger than 1 MB.', {
      cause: error,
    });
  }
  if (status === 415) {
    return new DomainError('unsupported-media-type', 'Send the body as application/json.', {
      cause: error,
    });
  }
  return new DomainError('internal', 'It has been logged. Quote the request id.', {
    cause: error,
  });
}

/** The outermost middleware: answers every error as a problem document. */
export function problems(logger: Logger) {
  return async (ctx: Context, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const known = toDomainError(error);
      const problem = problemOf(known, ctx.state.requestId);
      if (problem.status >= 500) {
        logger.error(
          { requestId: problem.requestId, code: problem.code, err: error },
          'request failed',
        );
      }
      if (ctx.headerSent) {
        ctx.res.destroy();
        return;
      }
      ctx.status = problem.status;
      ctx.set('Cache-Control', 'no-store');
      if (problem.status === 503) ctx.set('Retry-After', RETRY_AFTER);
      if (typeof known.members.retryAfter === 'number') {
        ctx.set('Retry-After', String(known.members.retryAfter));
      }
      ctx.body = JSON.stringify(problem);
      ctx.type = 'application/problem+json';
    }
  };
}
