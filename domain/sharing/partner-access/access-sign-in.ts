/** How recipients of partner access sign in: "the link alone opens nothing" (product rules, section 3). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { Actor } from '../../audit/event.ts';
import {
  CODE_LASTS_MINUTES,
  countWrongCode,
  type Known,
  leadToIssuer,
  lockAttempt,
  nextCode,
  type SignInAttempt,
  useAttempt,
} from '../../identity/sign-in-attempt.ts';
import { isSignInCode } from '../../identity/sign-in-code.ts';
import { findStaff } from '../../identity/staff.ts';
import { User } from '../../identity/user.entity.ts';
import { type OpenedSession, openUserSession } from '../../identity/user-session.ts';
import type { ShareId } from '../../ids.ts';
import type { LinkKeys } from '../../link-token.ts';
import { insertNotification } from '../../notifications/insert.ts';
import { renderMail } from '../../notifications/render.ts';
import { secretPlaceholder } from '../../notifications/secrets.ts';
import { ACCESS_OPEN, IS_RECIPIENT } from './access-grant.ts';
import { wakeAccess } from './create-partner-access.ts';
import { PartnerAccess } from './partner-access.entity.ts';
import { SIGN_IN_CODE } from './sign-in-texts.ts';

/** An attempt of somebody whom a code may let in. */
export type KnownAttempt = SignInAttempt & { readonly known: Known };

export function isKnown(attempt: SignInAttempt): attempt is KnownAttempt {
  return attempt.known !== null;
}

/** Whoever is signing in, before it is known who it is: by the attempt. */
export function attemptActor({ id, known }: KnownAttempt): Actor {
  return { kind: 'link_session', id, organizationId: known.organizationId };
}

/**
 * Whom an address lets sign in: a user to whom a partner gives access at this moment. The share is the
 * newest one.
 */
export async function findKnown(
  em: EntityManager,
  email: string,
): Promise<Pick<Known, 'userId' | 'shareId'> | null> {
  const [found] = await em.execute<Pick<Known, 'userId' | 'shareId'>[]>(
    `select u.id as "userId", shares.id as "shareId"
     from users u join shares on shares.partner_organization_id = u.organization_id
     where lower(u.email) = lower(?) and ${ACCESS_OPEN} and ${IS_RECIPIENT}
     order by shares.created_at desc limit 1`,
    [email],
  );
  return found ?? null;
}

/** Sends a new code to the user's address on file; the one before counts no longer. */
export async function sendCode(act: Act, attempt: KnownAttempt): Promise<void> {
  const { em } = act;
  const share = await em.findOneOrFail(PartnerAccess, attempt.known.shareId);
  const user = await em.findOneOrFail(User, attempt.known.userId);
  const generation = await nextCode(em, attempt.id);
  const placeholder = secretPlaceholder();
  const content = SIGN_IN_CODE[user.language]({
    name: user.name,
    code: placeholder,
    minutes: CODE_LASTS_MINUTES,
  });
  await insertNotification(act, {
    kind: 'sign-in-code',
    organizationId: share.organizationId,
    life: { kind: 'partner-access', entityId: share.id },
    subjectId: attempt.id,
    recipient: user.email,
    sequence: generation,
    rendered: renderMail(user.language, content),
    secret: { type: 'sign-in-code', attemptId: attempt.id, generation, placeholder },
    now: new Date(),
  });
  wakeAccess(act, share);
}

/** What came of trying to sign in. */
export type SignedIn =
  | {
      readonly type: 'signed in';
      readonly session: OpenedSession;
      /** What the browser wanted to open. */
      readonly returnTo: ShareId | null;
    }
  /** The code was right, and the organization's issuer has the last word. */
  | { readonly type: 'issuer next' }
  | { readonly type: 'wrong code' }
  /** The code has expired or was tried too often: another one can be asked for. */
  | { readonly type: 'code over' }
  /** There is no such attempt any more: it begins with the link. */
  | { readonly type: 'over' };

/** Signs in by a code. A wrong one is on record, as are the few tries that a code takes. */
export async function signInByCode(
  act: Act,
  keys: LinkKeys,
  secret: string,
  entered: string,
): Promise<SignedIn> {
  const attempt = await lockAttempt(act.em, secret);
  if (attempt === null || attempt.method !== 'code') return { type: 'over' };
  if (attempt.code !== 'open') return { type: 'code over' };
  if (!isKnown(attempt)) {
    await countWrongCode(act.em, attempt.id);
    return { type: 'wrong code' };
  }
  const code = { id: attempt.id, generation: attempt.codeGeneration };
  if (!isSignInCode(keys, code, entered)) {
    await countWrongCode(act.em, attempt.id);
    refuse(act, attempt, 'wrong-code');
    return { type: 'wrong code' };
  }
  if (attempt.begunBy === 'address' && (await leadToIssuer(act.em, attempt.id))) {
    return { type: 'issuer next' };
  }
  await useAttempt(act.em, attempt.id);
  const session = await openUserSession(act, attempt.known, 'code');
  return { type: 'signed in', session, returnTo: attempt.returnTo };
}

/** The same where nobody may be let in: no code is right, and the answers are those of one that is wrong. */
export async function refuseCode(em: EntityManager, secret: string): Promise<SignedIn> {
  const attempt = await lockAttempt(em, secret);
  if (attempt === null) return { type: 'over' };
  if (attempt.code !== 'open') return { type: 'code over' };
  await countWrongCode(em, attempt.id);
  return { type: 'wrong code' };
}

/**
 * Signs in whoever the organization's issuer says it is: a user of that organization, and not necessarily
 * the one that the link was mailed to. What it may see is that user's affair.
 */
export async function signInByIssuer(
  act: Act,
  secret: string,
  email: string,
): Promise<SignedIn | { readonly type: 'unknown user' }> {
  const attempt = await lockAttempt(act.em, secret);
  if (attempt === null || attempt.method !== 'issuer' || !isKnown(attempt)) return { type: 'over' };
  await useAttempt(act.em, attempt.id);
  const user = await findStaff(act.em, email);
  if (user === null || user.organization.id !== attempt.known.organizationId) {
    refuse(act, attempt, 'unknown-user');
    return { type: 'unknown user' };
  }
  const session = await openUserSession(
    act,
    { userId: user.id, organizationId: user.organization.id },
    'issuer',
  );
  return { type: 'signed in', session, returnTo: attempt.returnTo };
}

function refuse(act: Act, { known }: KnownAttempt, reason: string): void {
  act.audit({
    organizationId: known.organizationId,
    action: 'user.sign_in_refused',
    objects: [known.userId],
    outcome: 'refused',
    reason,
  });
}
