import type { Context } from 'koa';
import { act } from '../../domain/act.ts';
import { entryOfRequest } from '../../domain/requests/request-place.ts';
import { type KnownRequestSession, requestActor } from '../../domain/requests/request-session.ts';
import { createRateLimit, type RateLimit } from '../../platform/rate-limits.ts';
import type { ApiDeps } from '../deps.ts';
import { sourceOf } from '../source.ts';

/** Refusals of a session that are recorded: what a program repeats on a dead link, once an hour. */
const DEAD_LINKS = { name: 'refused-request', tries: 1, seconds: 3600 };
/** Refusals of files, so that nobody fills the audit. */
const FILES = { name: 'refused-file', tries: 200, seconds: 3600 };

interface Limits {
  readonly deadLinks: RateLimit;
  readonly files: RateLimit;
}
const known = new WeakMap<ApiDeps, Limits>();

function limitsOf(deps: ApiDeps): Limits {
  const limits = known.get(deps) ?? {
    deadLinks: createRateLimit(deps.database, DEAD_LINKS),
    files: createRateLimit(deps.database, FILES),
  };
  known.set(deps, limits);
  return limits;
}

/** Records that the holder of a session was refused: an event of its own, since the act did not happen. */
export async function recordRefusal(
  ctx: Context,
  deps: ApiDeps,
  session: KnownRequestSession,
  refused: { readonly type: 'dead-link' | 'file'; readonly reason: string },
): Promise<void> {
  const { sessionId, organizationId } = session;
  const { deadLinks, files } = limitsOf(deps);
  const isLink = refused.type === 'dead-link';
  const limit = isLink ? deadLinks : files;
  const key = isLink ? `${sessionId} ${refused.reason}` : sessionId;
  if ((await limit.take(key)) !== null) return;
  const by = { actor: requestActor(sessionId, organizationId), source: sourceOf(ctx) };
  try {
    await act(deps, by, async ({ audit }) =>
      audit({
        ...entryOfRequest(session, sessionId),
        action: 'request.refused',
        outcome: 'refused',
        reason: refused.reason,
        data: { route: ctx.state.route, method: ctx.method },
      }),
    );
  } catch (error) {
    await limit.giveBack(key);
    throw error;
  }
}
