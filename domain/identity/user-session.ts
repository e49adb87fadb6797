/** Sign-ins of recipients: what a browser holds is the user's own, and opens what is granted to it. */
import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { newId, type OrganizationId, type UserId, type UserSessionId } from '../ids.ts';
import { type SignInMethod, secretHash } from './sign-in-attempt.ts';
import { findStaff, type Staff } from './staff.ts';

/** How long a browser stays signed in. */
const SESSION_LASTS_HOURS = 12;

/** A sign-in that was just made. */
export interface OpenedSession {
  /** For the browser's cookie; only its hash is kept. */
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Signs a user in. */
export async function openUserSession(
  act: Act,
  user: { readonly userId: UserId; readonly organizationId: OrganizationId },
  method: SignInMethod,
): Promise<OpenedSession> {
  const secret = randomBytes(32).toString('base64url');
  const [row] = await act.em.execute<{ expires_at: Date | string }[]>(
    `insert into user_sessions (id, user_id, secret_hash, method, opened_at, expires_at)
     values (?, ?, ?, ?, clock_timestamp(), clock_timestamp() + interval '${SESSION_LASTS_HOURS} hours')
     returning expires_at`,
    [newId<UserSessionId>(), user.userId, secretHash(secret), method],
  );
  if (row === undefined) throw new Error('the sign-in was not kept');
  await act.em.execute(
    `delete from user_sessions where expires_at < clock_timestamp() - interval '1 day'`,
  );
  act.audit({
    organizationId: user.organizationId,
    action: 'user.signed_in',
    objects: [user.userId],
    data: { method },
  });
  return { secret, expiresAt: new Date(row.expires_at) };
}

/** The sign-in of a browser. */
export interface UserSession {
  readonly id: UserSessionId;
  /** With what decides on every request. */
  readonly user: Staff;
}

/** The sign-in that a browser holds; null where it holds none. */
export async function findSignedIn(em: EntityManager, secret: string): Promise<UserSession | null> {
  if (secret === '') return null;
  const [row] = await em.execute<{ id: UserSessionId; email: string }[]>(
    `select s.id, u.email from user_sessions s join users u on u.id = s.user_id
     where s.secret_hash = ? and s.ended_at is null and s.expires_at > clock_timestamp()`,
    [secretHash(secret)],
  );
  const user = row === undefined ? null : await findStaff(em, row.email);
  return row === undefined || user === null ? null : { id: row.id, user };
}

/** Signs a browser out; one that is not signed in stays so. */
export async function endUserSession(act: Act, user: Staff, secret: string): Promise<void> {
  const ended = await act.em.execute<unknown[]>(
    `update user_sessions set ended_at = clock_timestamp()
     where secret_hash = ? and ended_at is null returning 1`,
    [secretHash(secret)],
  );
  if (ended.length === 0) return;
  act.audit({
    organizationId: user.organization.id,
    action: 'user.signed_out',
    objects: [user.id],
  });
}
