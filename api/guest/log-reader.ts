/** Whoever may read a request's activity log: the holder of its own link, or of a link to the log. */
import type { Context } from 'koa';
import { act } from '../../domain/act.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Language } from '../../domain/identity/user.entity.ts';
import {
  authoriseLog,
  type KnownRequestSession,
  requestActor,
} from '../../domain/requests/request-session.ts';
import type { DeadRequestLink } from '../../domain/requests/request-state.ts';
import { exportedLog, type LogFormat, recordLogExport } from '../activity-log-export.ts';
import { heldSecret } from '../cookies.ts';
import type { ApiDeps } from '../deps.ts';
import { sourceOf } from '../source.ts';
import { authorisedForRequest, requestIdOf } from './authorised.ts';

/** Whoever was let in to read a log. */
export interface LogReader {
  readonly place: KnownRequestSession;
  readonly organization: { readonly name: string; readonly timeZone: string };
  /** Which link let it in: that of the request, or that of the log, which opens nothing else. */
  readonly by: 'request' | 'log';
}

/**
 * @param refusal what is thrown where the link opens nothing any more
 * @throws DomainError `not-signed-in` without a session
 */
export async function logReader(
  ctx: Context,
  deps: ApiDeps,
  refusal: (state: DeadRequestLink | 'log_expired') => Error,
): Promise<LogReader> {
  const requestId = requestIdOf(ctx);
  const secret = heldSecret(ctx, deps.config, `log-${requestId}`);
  const found = await authoriseLog(deps.database.em.fork(), requestId, secret);
  if (found.type === 'granted') {
    return { place: found.session, organization: found.organization, by: 'log' };
  }
  const grant = await authorisedForRequest(ctx, deps, refusal).catch((error: unknown) => {
    const nobody = error instanceof DomainError && error.code === 'not-signed-in';
    throw nobody && found.type === 'expired' ? refusal('log_expired') : error;
  });
  return { place: grant, organization: grant.organization, by: 'request' };
}

/** The whole log. The export is recorded first; what it has are the events before that one. */
export async function exportLog(
  ctx: Context,
  deps: ApiDeps,
  { place, organization }: LogReader,
  { language, format }: { readonly language: Language; readonly format: LogFormat },
) {
  const by = { actor: requestActor(place.sessionId, place.organizationId), source: sourceOf(ctx) };
  const summary = await act(deps, by, (acting) => recordLogExport(acting, place, format));
  return exportedLog(deps.database.em.fork(), place, { language, organization, format }, summary);
}
