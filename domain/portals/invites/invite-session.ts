/** Opening the links of invites, and what their sessions may do: decided in SQL, by PostgreSQL's clock. */
import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { Actor } from '../../audit/event.ts';
import {
  type InviteId,
  type InviteSessionId,
  newId,
  type OrganizationId,
  type PortalId,
  type UserId,
} from '../../ids.ts';
import { TOKEN_PATTERN, tokenHash } from '../../link-token.ts';
import type { PortalKind } from '../portal.entity.ts';
import { entryOfInvite, type InvitePlace } from './invite-place.ts';
import {
  type DeadInviteLink,
  INVITE_EXPIRES_AT,
  type InviteLinkState,
  inviteStateSql,
  MAY_FINISH,
} from './invite-state.ts';

/** Whoever holds a session of an invite, as the audit names them. */
export function inviteActor(id: InviteSessionId, organizationId: OrganizationId): Actor {
  return { kind: 'link_session', id, organizationId };
}

/** A new session's id, before it is opened: the act that opens it is done by it. */
export function newInviteSessionId(): InviteSessionId {
  return newId<InviteSessionId>();
}

/** An invite's link as its token finds it: nothing of its portal. */
export interface FoundInviteLink extends InvitePlace {
  readonly generation: number;
  readonly state: InviteLinkState;
  readonly organization: string;
}

/** The invite of a token, whatever its state; null where there is none. */
export async function findInviteLink(
  em: EntityManager,
  token: string,
): Promise<FoundInviteLink | null> {
  if (!TOKEN_PATTERN.test(token)) return null;
  const [row] = await em.execute<FoundInviteLink[]>(
    `select i.id as "inviteId", i.portal_id as "portalId", i.organization_id as "organizationId",
            l.generation, ${inviteStateSql('l.generation')} as state, o.name as organization
     from invite_links l join invites i on i.id = l.invite_id join portals p on p.id = i.portal_id
     join organizations o on o.id = i.organization_id
     where l.token_hash = ?`,
    [tokenHash(token)],
  );
  return row ?? null;
}

/** A session that was opened: its secret is given out here and nowhere else. */
export type OpenedInvite =
  | { readonly type: 'opened'; readonly secret: string; readonly expiresAt: Date }
  | { readonly type: 'refused'; readonly state: DeadInviteLink };

/** Exchanges the token of an invite's link for a session, under the locks of the invite. */
export async function openInvite(
  act: Act,
  link: FoundInviteLink,
  sessionId: InviteSessionId,
): Promise<OpenedInvite> {
  const { state, expiresAt } = await lockInvite(act.em, link);
  if (state !== 'open') return { type: 'refused', state };
  const secret = randomBytes(32).toString('base64url');
  await act.em.execute(
    `insert into invite_sessions (id, invite_id, generation, secret_hash, opened_at)
     values (?, ?, ?, ?, clock_timestamp())`,
    [sessionId, link.inviteId, link.generation, secretHash(secret)],
  );
  act.audit({ ...entryOfInvite(link, sessionId), action: 'invite.opened' });
  return { type: 'opened', secret, expiresAt };
}

/** A session as the audit needs it. */
export interface KnownInviteSession extends InvitePlace {
  readonly sessionId: InviteSessionId;
}

/** What a session of an invite may have at this moment. */
export interface InviteGrant extends KnownInviteSession {
  /**
   * `expired` where only what was begun before may be finished and handed in; `used_up` where something
   * was handed in, of which there is the receipt.
   */
  readonly state: 'open' | 'expired' | 'used_up';
  readonly generation: number;
  readonly expiresAt: Date;
  readonly organization: {
    readonly id: OrganizationId;
    readonly name: string;
    readonly timeZone: string;
  };
  readonly portal: { readonly kind: PortalKind; readonly evidenceOwnerId: UserId };
}

/** What came of asking what a session may do. */
export type InviteAuthorisation =
  | { readonly type: 'granted'; readonly grant: InviteGrant }
  /** No session of this invite has this secret. */
  | { readonly type: 'unknown' }
  | {
      readonly type: 'dead';
      readonly state: DeadInviteLink;
      readonly session: KnownInviteSession;
    };

interface GrantRow {
  readonly session_id: InviteSessionId;
  readonly portal_id: PortalId;
  readonly organization_id: OrganizationId;
  readonly generation: number;
  readonly state: InviteLinkState;
  readonly finishing: boolean;
  readonly expires_at: Date | string;
  readonly organization: string;
  readonly time_zone: string;
  readonly kind: PortalKind;
  readonly evidence_owner_id: UserId;
}

/** SQL over rows called `i` and `p`: there are files to finish, or to hand in, that were begun in time. */
const FINISHING = `exists (select from uploads u where u.invite_id = i.id
  and u.state in ('uploading', 'verifying', 'verified')) and ${MAY_FINISH}`;

/** What the holder of a session's secret may do with an invite, asked anew each time. */
export async function authoriseInvite(
  em: EntityManager,
  inviteId: InviteId,
  secret: string,
): Promise<InviteAuthorisation> {
  if (!TOKEN_PATTERN.test(secret)) return { type: 'unknown' };
  const [row] = await em.execute<GrantRow[]>(
    `select s.id as session_id, s.generation, i.portal_id, i.organization_id,
            ${INVITE_EXPIRES_AT} as expires_at, ${inviteStateSql('s.generation')} as state,
            ${FINISHING} as finishing, o.name as organization, o.time_zone, p.kind, p.evidence_owner_id
     from invite_sessions s
     join invites i on i.id = s.invite_id
     join portals p on p.id = i.portal_id
     join organizations o on o.id = i.organization_id
     where s.secret_hash = ? and s.invite_id = ?`,
    [secretHash(secret), inviteId],
  );
  if (row === undefined) return { type: 'unknown' };
  const { state, organization_id: organizationId, portal_id: portalId } = row;
  const session = { sessionId: row.session_id, inviteId, portalId, organizationId };
  if (state === 'superseded' || state === 'closed' || (state === 'expired' && !row.finishing)) {
    return { type: 'dead', state, session };
  }
  return {
    type: 'granted',
    grant: {
      ...session,
      state,
      generation: row.generation,
      expiresAt: new Date(row.expires_at),
      organization: { id: organizationId, name: row.organization, timeZone: row.time_zone },
      portal: { kind: row.kind, evidenceOwnerId: row.evidence_owner_id },
    },
  };
}

/** What an invite's link of a generation is now. */
export interface InviteNow {
  readonly state: InviteLinkState;
  readonly mayFinish: boolean;
  readonly expiresAt: Date;
}

/**
 * Locks an invite, and its portal against being closed or changed meanwhile, before any row below them;
 * gives what its link is after that. Rows that refer to it may still be written.
 */
export async function lockInvite(
  em: EntityManager,
  link: Pick<InviteGrant, 'inviteId' | 'portalId' | 'generation'>,
): Promise<InviteNow> {
  await em.execute('select from portals where id = ? for share', [link.portalId]);
  await em.execute('select from invites where id = ? for no key update', [link.inviteId]);
  return inviteNow(em, link);
}

/** The same without locks, for whoever only looks. */
export async function inviteNow(
  em: EntityManager,
  link: Pick<InviteGrant, 'inviteId' | 'generation'>,
): Promise<InviteNow> {
  const [row] = await em.execute<
    { state: InviteLinkState; may_finish: boolean; expires_at: Date | string }[]
  >(
    `select ${inviteStateSql('?::int')} as state, ${MAY_FINISH} as may_finish,
            ${INVITE_EXPIRES_AT} as expires_at
     from invites i join portals p on p.id = i.portal_id where i.id = ?`,
    [link.generation, link.inviteId],
  );
  if (row === undefined) throw new Error('an invite that was known is gone');
  return { state: row.state, mayFinish: row.may_finish, expiresAt: new Date(row.expires_at) };
}

function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
