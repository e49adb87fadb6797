/** Opening the links of a request, and what their sessions may do: decided in SQL, by PostgreSQL's clock. */
import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { Actor } from '../audit/event.ts';
import {
  type CaseId,
  newId,
  type OrganizationId,
  type RequestSessionId,
  type TrustedUserId,
  type UploadRequestId,
  type UserId,
} from '../ids.ts';
import { TOKEN_PATTERN } from '../link-token.ts';
import type { FoundLogLink, FoundRequestLink, RequestPlace } from './request-links.ts';
import { entryOfRequest } from './request-place.ts';
import {
  type DeadRequestLink,
  linkStateSql,
  MAY_FINISH,
  type RequestLinkState,
} from './request-state.ts';

/** Whoever holds a session, as the audit names them. */
export function requestActor(id: RequestSessionId, organizationId: OrganizationId): Actor {
  return { kind: 'link_session', id, organizationId };
}

/** A session that was opened: its secret is given out here and nowhere else. */
export type OpenedRequest =
  | { readonly type: 'opened'; readonly secret: string; readonly expiresAt: Date }
  | { readonly type: 'refused'; readonly state: DeadRequestLink };

/** Exchanges the token of a request's link for a session, under the request's lock. */
export async function openRequest(
  act: Act,
  link: FoundRequestLink,
  sessionId: RequestSessionId,
): Promise<OpenedRequest> {
  await lockRequestRow(act.em, link.requestId);
  const [now] = await act.em.execute<{ state: RequestLinkState; expires_at: Date | string }[]>(
    `select ${linkStateSql('?::int')} as state, r.expires_at from upload_requests r where r.id = ?`,
    [link.generation, link.requestId],
  );
  if (now === undefined) throw new Error('a request that was just locked is gone');
  if (now.state !== 'open') return { type: 'refused', state: now.state };
  const secret = await insertSession(act.em, sessionId, link.requestId, {
    generation: link.generation,
  });
  act.audit({ ...entryOfRequest(link, sessionId), action: 'request.opened' });
  return { type: 'opened', secret, expiresAt: new Date(now.expires_at) };
}

/** Exchanges the token of a link to an activity log for a session; null where the link has expired. */
export async function openLog(
  act: Act,
  link: FoundLogLink,
  sessionId: RequestSessionId,
): Promise<{ readonly secret: string; readonly expiresAt: Date } | null> {
  const [alive] = await act.em.execute<{ expires_at: Date | string }[]>(
    'select expires_at from activity_log_links where id = ? and expires_at > clock_timestamp()',
    [link.linkId],
  );
  if (alive === undefined) return null;
  const secret = await insertSession(act.em, sessionId, link.requestId, { logLinkId: link.linkId });
  act.audit({ ...entryOfRequest(link, sessionId), action: 'request.log_opened' });
  return { secret, expiresAt: new Date(alive.expires_at) };
}

async function insertSession(
  em: EntityManager,
  id: RequestSessionId,
  requestId: UploadRequestId,
  by: { readonly generation?: number; readonly logLinkId?: string },
): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await em.execute(
    `insert into request_sessions (id, request_id, generation, log_link_id, secret_hash, opened_at)
     values (?, ?, ?, ?, ?, clock_timestamp())`,
    [id, requestId, by.generation ?? null, by.logLinkId ?? null, secretHash(secret)],
  );
  return secret;
}

/** A new session's id, before it is opened: the act that opens it is done by it. */
export function newSessionId(): RequestSessionId {
  return newId<RequestSessionId>();
}

/** A session as the audit needs it. */
export interface KnownRequestSession extends RequestPlace {
  readonly sessionId: RequestSessionId;
}

/** What a session of a request may have at this moment. */
export interface RequestGrant extends KnownRequestSession {
  /** `expired` where only what was begun before may be finished. */
  readonly state: 'open' | 'expired';
  readonly generation: number;
  readonly expiresAt: Date;
  readonly organization: {
    readonly id: OrganizationId;
    readonly name: string;
    readonly timeZone: string;
  };
  readonly trustedUser: { readonly id: TrustedUserId; readonly name: string };
  readonly sender: { readonly id: UserId; readonly name: string };
}

/** What came of asking what a session may do. */
export type RequestAuthorisation =
  | { readonly type: 'granted'; readonly grant: RequestGrant }
  /** No session of this request has this secret. */
  | { readonly type: 'unknown' }
  | {
      readonly type: 'dead';
      readonly state: DeadRequestLink;
      readonly session: KnownRequestSession;
    };

interface GrantRow {
  readonly session_id: RequestSessionId;
  readonly organization_id: OrganizationId;
  readonly case_id: CaseId;
  readonly generation: number;
  readonly state: RequestLinkState;
  readonly finishing: boolean;
  readonly expires_at: Date | string;
  readonly organization: string;
  readonly time_zone: string;
  readonly trusted_user_id: TrustedUserId;
  readonly trusted_user: string;
  readonly sender_id: UserId;
  readonly sender: string;
}

/** SQL over a row called `r`: uploads of it are under way that were begun while its link lived. */
const FINISHING = `exists (select from uploads u where u.upload_request_id = r.id
  and u.state in ('uploading', 'verifying'))
  and ${MAY_FINISH}`;

/** What the holder of a session's secret may do with a request, asked anew each time. */
export async function authoriseRequest(
  em: EntityManager,
  requestId: UploadRequestId,
  secret: string,
): Promise<RequestAuthorisation> {
  if (!TOKEN_PATTERN.test(secret)) return { type: 'unknown' };
  const [row] = await em.execute<GrantRow[]>(
    `select s.id as session_id, s.generation, r.organization_id, r.case_id, r.expires_at,
            ${linkStateSql('s.generation')} as state, ${FINISHING} as finishing,
            o.name as organization, o.time_zone, r.trusted_user_id,
            coalesce(t.name, t.email) as trusted_user, r.sender_id, u.name as sender
     from request_sessions s
     join upload_requests r on r.id = s.request_id
     join organizations o on o.id = r.organization_id
     join trusted_users t on t.id = r.trusted_user_id
     join users u on u.id = r.sender_id
     where s.secret_hash = ? and s.request_id = ? and s.generation is not null`,
    [secretHash(secret), requestId],
  );
  if (row === undefined) return { type: 'unknown' };
  const { session_id: sessionId, organization_id: organizationId, case_id: caseId } = row;
  const session = { sessionId, requestId, organizationId, caseId };
  const lives = row.state === 'open' || (row.state === 'expired' && row.finishing);
  if (!lives) return { type: 'dead', state: deadState(row.state), session };
  return {
    type: 'granted',
    grant: {
      ...session,
      state: row.state === 'open' ? 'open' : 'expired',
      generation: row.generation,
      expiresAt: new Date(row.expires_at),
      organization: { id: organizationId, name: row.organization, timeZone: row.time_zone },
      trustedUser: { id: row.trusted_user_id, name: row.trusted_user },
      sender: { id: row.sender_id, name: row.sender },
    },
  };
}

/** What a session of a link to an activity log may have: the log, and only it. */
export type LogAuthorisation =
  | {
      readonly type: 'granted';
      readonly session: KnownRequestSession;
      readonly expiresAt: Date;
      readonly organization: { readonly name: string; readonly timeZone: string };
    }
  | { readonly type: 'unknown' }
  | { readonly type: 'expired' };

/** What the holder of a log session's secret may have, asked anew each time. */
export async function authoriseLog(
  em: EntityManager,
  requestId: UploadRequestId,
  secret: string,
): Promise<LogAuthorisation> {
  if (!TOKEN_PATTERN.test(secret)) return { type: 'unknown' };
  const [row] = await em.execute<
    {
      session_id: RequestSessionId;
      organization_id: OrganizationId;
      case_id: CaseId;
      expires_at: Date | string;
      expired: boolean;
      organization: string;
      time_zone: string;
    }[]
  >(
    `select s.id as session_id, r.organization_id, r.case_id, l.expires_at, o.name as organization,
            o.time_zone, l.expires_at <= clock_timestamp() as expired
     from request_sessions s
     join activity_log_links l on l.id = s.log_link_id
     join upload_requests r on r.id = s.request_id
     join organizations o on o.id = r.organization_id
     where s.secret_hash = ? and s.request_id = ?`,
    [secretHash(secret), requestId],
  );
  if (row === undefined) return { type: 'unknown' };
  if (row.expired) return { type: 'expired' };
  return {
    type: 'granted',
    session: {
      sessionId: row.session_id,
      requestId,
      organizationId: row.organization_id,
      caseId: row.case_id,
    },
    expiresAt: new Date(row.expires_at),
    organization: { name: row.organization, timeZone: row.time_zone },
  };
}

/** Locks a request's row, before any row below it. Rows that refer to it may still be written. */
export async function lockRequestRow(em: EntityManager, requestId: UploadRequestId): Promise<void> {
  await em.execute('select from upload_requests where id = ? for no key update', [requestId]);
}

function deadState(state: RequestLinkState): DeadRequestLink {
  if (state === 'open') throw new Error('an open request is refused as dead');
  return state;
}

function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
