import type { Context } from 'koa';
import { act } from '../../domain/act.ts';
import type { Actor, AuditEntry } from '../../domain/audit/event.ts';
import type { InviteSessionId, OrganizationId, RequestSessionId } from '../../domain/ids.ts';
import { entryOfInvite } from '../../domain/portals/invites/invite-place.ts';
import {
  inviteActor,
  type KnownInviteSession,
} from '../../domain/portals/invites/invite-session.ts';
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

/** Whoever was refused. */
interface Refused {
  readonly sessionId: RequestSessionId | InviteSessionId;
  readonly organizationId: OrganizationId;
}

/** What was refused: a link that opens nothing any more, or a file. */
export interface Refusal {
  readonly type: 'dead-link' | 'file';
  readonly reason: string;
}

/** Records that the holder of a request's session was refused. */
export async function recordRefusal(
  ctx: Context,
  deps: ApiDeps,
  session: KnownRequestSession,
  refusal: Refusal,
): Promise<void> {
  const { sessionId, organizationId } = session;
  const entry = { ...entryOfRequest(session, sessionId), action: 'request.refused' } as const;
  const actor = requestActor(sessionId, organizationId);
  await record(ctx, deps, { session, actor, entry, refusal });
}

/** Records that the holder of an invite's session was refused. */
export async function recordInviteRefusal(
  ctx: Context,
  deps: ApiDeps,
  session: KnownInviteSession,
  refusal: Refusal,
): Promise<void> {
  const { sessionId, organizationId } = session;
  const entry = { ...entryOfInvite(session, sessionId), action: 'invite.refused' } as const;
  const actor = inviteActor(sessionId, organizationId);
  await record(ctx, deps, { session, actor, entry, refusal });
}

/** An event of its own, since the act did not happen. */
async function record(
  ctx: Context,
  deps: ApiDeps,
  {
    session,
    actor,
    entry,
    refusal,
  }: {
    readonly session: Refused;
    readonly actor: Actor;
    readonly entry: AuditEntry;
    readonly refusal: Refusal;
  },
): Promise<void> {
  const { deadLinks, files } = limitsOf(deps);
  const isLink = refusal.type === 'dead-link';
  const limit = isLink ? deadLinks : files;
  const key = isLink ? `${session.sessionId} ${refusal.reason}` : session.sessionId;
  if ((await limit.take(key)) !== null) return;
  try {
    await act(deps, { actor, source: sourceOf(ctx) }, async ({ audit }) =>
      audit({
        ...entry,
        outcome: 'refused',
        reason: refusal.reason,
        data: { route: ctx.state.route, method: ctx.method },
      }),
    );
  } catch (error) {
    await limit.giveBack(key);
    throw error;
  }
}
