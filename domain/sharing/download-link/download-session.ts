/** Opening a download link, and what its sessions may have: decided in SQL, by PostgreSQL's clock. */
import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { ArchiveFormat } from '../../archive/manifest.ts';
import type { Actor } from '../../audit/event.ts';
import type { CaseId, DownloadSessionId, OrganizationId, ShareId } from '../../ids.ts';
import { TOKEN_PATTERN, tokenHash } from '../../link-token.ts';
import { uuids } from '../../sql.ts';
import type { FrozenCase } from './download-link.entity.ts';
import { type DeadState, LINK_ALIVE, LINK_STATE, type LinkState } from './link-state.ts';

/** Where a download link belongs: what its audit events and its life are about. */
export interface LinkPlace {
  readonly shareId: ShareId;
  readonly organizationId: OrganizationId;
  readonly caseId: CaseId;
}

/** A link as its token finds it. Nothing of its case: that comes with a session. */
export interface FoundLink extends LinkPlace {
  readonly state: LinkState;
  /** Null where the token alone opens it. */
  readonly passphraseHash: string | null;
}

/** The download link of a token, whatever its state; null where there is none. */
export async function findLink(em: EntityManager, token: string): Promise<FoundLink | null> {
  if (!TOKEN_PATTERN.test(token)) return null;
  const [row] = await em.execute<
    {
      id: ShareId;
      organization_id: OrganizationId;
      case_id: CaseId;
      state: LinkState;
      passphrase_hash: string | null;
    }[]
  >(
    `select shares.id, shares.organization_id, shares.case_id, shares.passphrase_hash,
            ${LINK_STATE} as state
     from shares where shares.link_token_hash = ?`,
    [tokenHash(token)],
  );
  if (row === undefined) return null;
  return {
    shareId: row.id,
    organizationId: row.organization_id,
    caseId: row.case_id,
    state: row.state,
    passphraseHash: row.passphrase_hash,
  };
}

/** Whoever holds a session, as the audit names them. */
export function sessionActor(sessionId: DownloadSessionId, organizationId: OrganizationId): Actor {
  return { kind: 'link_session', id: sessionId, organizationId };
}

/** A session that was opened: its secret is given out here and nowhere else. */
export type OpenedSession =
  | { readonly type: 'opened'; readonly secret: string; readonly expiresAt: Date }
  | { readonly type: 'refused'; readonly state: Exclude<LinkState, 'active'> };

/**
 * Exchanges the token of a link for a session, under the share's lock. It costs nothing until it asks
 * for bytes. A passphrase has been checked before.
 */
export async function openSession(
  act: Act,
  link: LinkPlace,
  sessionId: DownloadSessionId,
): Promise<OpenedSession> {
  await lockShare(act.em, link.shareId);
  const [share] = await act.em.execute<{ state: LinkState; expires_at: Date | string }[]>(
    `select ${LINK_STATE} as state, shares.expires_at from shares where shares.id = ?`,
    [link.shareId],
  );
  if (share === undefined) throw new Error('a share that was just locked is gone');
  if (share.state !== 'active') return { type: 'refused', state: share.state };
  const secret = randomBytes(32).toString('base64url');
  await act.em.execute(
    `insert into download_sessions (id, share_id, secret_hash, opened_at, last_active_at)
     values (?, ?, ?, clock_timestamp(), clock_timestamp())`,
    [sessionId, link.shareId, secretHash(secret)],
  );
  act.audit({
    organizationId: link.organizationId,
    action: 'share.opened',
    objects: [link.shareId, link.caseId, sessionId],
  });
  act.wake({ kind: 'download-link', entityId: link.shareId, ...link });
  return { type: 'opened', secret, expiresAt: new Date(share.expires_at) };
}

/** What a session may have at this moment. */
export interface DownloadGrant extends LinkPlace {
  readonly sessionId: DownloadSessionId;
  /** Whether a download of this session is under way, so that no beginning has to be recorded. */
  readonly downloading: boolean;
  readonly format: ArchiveFormat;
  readonly packageEtag: string;
  readonly packageSize: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly archive: FrozenCase;
  /** The organization's, for dates on pages. */
  readonly timeZone: string;
  readonly hasPassphrase: boolean;
}

export type Authorisation =
  | { readonly type: 'granted'; readonly grant: DownloadGrant }
  /** No session of this share has this secret. */
  | { readonly type: 'unknown' }
  /** A session of a link that opens nothing any more. */
  | { readonly type: 'dead'; readonly state: DeadState; readonly session: KnownSession };

/** A session as the audit needs it. */
export interface KnownSession extends LinkPlace {
  readonly sessionId: DownloadSessionId;
}

interface GrantRow {
  readonly session_id: DownloadSessionId;
  readonly organization_id: OrganizationId;
  readonly case_id: CaseId;
  readonly alive: boolean;
  readonly state: LinkState;
  readonly counted: boolean;
  readonly downloading: boolean;
  readonly format: ArchiveFormat;
  readonly package_etag: string;
  readonly package_size: string;
  readonly created_at: Date | string;
  readonly expires_at: Date | string;
  readonly archive: FrozenCase | string;
  readonly time_zone: string;
  readonly has_passphrase: boolean;
}

/**
 * What the holder of a session's secret may have of a share, asked anew each time. A session that was
 * counted keeps its access when the limit is used up; one that was not, loses it.
 */
export async function authorise(
  em: EntityManager,
  shareId: ShareId,
  secret: string,
): Promise<Authorisation> {
  if (!TOKEN_PATTERN.test(secret)) return { type: 'unknown' };
  const [row] = await em.execute<GrantRow[]>(
    `select session.id as session_id, shares.organization_id, shares.case_id,
            ${LINK_ALIVE} as alive, ${LINK_STATE} as state,
            session.counted_at is not null as counted,
            session.began_at is not null and session.ended_at is null as downloading,
            shares.format, shares.package_etag, shares.package_size, shares.created_at, shares.expires_at,
            shares.archive, organizations.time_zone,
            shares.passphrase_hash is not null as has_passphrase
     from download_sessions session
     join shares on shares.id = session.share_id
     join organizations on organizations.id = shares.organization_id
     where session.secret_hash = ? and session.share_id = ?`,
    [secretHash(secret), shareId],
  );
  if (row === undefined) return { type: 'unknown' };
  const session: KnownSession = {
    sessionId: row.session_id,
    shareId,
    organizationId: row.organization_id,
    caseId: row.case_id,
  };
  if (row.state !== 'active' && !(row.alive && row.counted)) {
    return { type: 'dead', state: deadState(row.state), session };
  }
  return {
    type: 'granted',
    grant: {
      ...session,
      downloading: row.downloading && row.counted,
      format: row.format,
      packageEtag: row.package_etag,
      packageSize: Number(row.package_size),
      createdAt: new Date(row.created_at),
      expiresAt: new Date(row.expires_at),
      archive: typeof row.archive === 'string' ? JSON.parse(row.archive) : row.archive,
      timeZone: row.time_zone,
      hasPassphrase: row.has_passphrase,
    },
  };
}

/**
 * Asks for many sessions at once whether they may still have bytes.
 * @returns for each session null while it may, else why its link is dead; one that is gone is not there
 */
export async function askSessions(
  em: EntityManager,
  sessionIds: readonly DownloadSessionId[],
): Promise<ReadonlyMap<string, DeadState | null>> {
  const rows = await em.execute<{ id: string; dead: DeadState | null }[]>(
    `select session.id, case when ${LINK_ALIVE} then null else ${LINK_STATE} end as dead
     from download_sessions session join shares on shares.id = session.share_id
     where session.id = any(?::uuid[])`,
    [uuids(sessionIds)],
  );
  return new Map(rows.map((row) => [row.id, row.dead]));
}

/** Locks a share's row, before any row below it. */
export async function lockShare(em: EntityManager, shareId: ShareId): Promise<void> {
  await em.execute('select from shares where id = ? for update', [shareId]);
}

/** A session is opened of an active link only, and a link that was active is never prepared again. */
export function deadState(state: LinkState): DeadState {
  if (state === 'preparing' || state === 'active') {
    throw new Error(`a link with sessions is refused as ${state}`);
  }
  return state;
}

function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
