/**
 * A recipient on its way to being signed in: begun by the link that it was mailed or by its address, ended
 * by its organization's issuer or, where there is none, by a one-time code to the address on file.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  newId,
  type OrganizationId,
  type ShareId,
  type SignInAttemptId,
  type UserId,
} from '../ids.ts';
import type { LinkKeys } from '../link-token.ts';

/** How long a browser may take to sign in, a code to be entered, and how many tries a code takes. */
const ATTEMPT_LASTS = '30 minutes';
export const CODE_LASTS_MINUTES = 10;
const CODE_TRIES = 5;

const SIGN_IN_METHODS = ['code', 'issuer'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** Who is to be signed in, and the share whose life mails the code. */
export interface Known {
  readonly userId: UserId;
  readonly organizationId: OrganizationId;
  readonly shareId: ShareId;
}

/** An attempt as its browser's secret finds it. */
export interface SignInAttempt {
  readonly id: SignInAttemptId;
  readonly begunBy: 'link' | 'address';
  readonly method: SignInMethod;
  /** Where it signs in, for `issuer`. */
  readonly issuer: string | null;
  /**
   * Null for an address that nobody has to whom anything is given: such an attempt is like any other, but
   * no code is mailed and none is right (docs/decisions/0011-one-answer-to-every-address.md).
   */
  readonly known: Known | null;
  /** What the browser wanted to open; anything that a browser may ask for. */
  readonly returnTo: ShareId | null;
  readonly codeGeneration: number;
  readonly code: 'none' | 'open' | 'expired' | 'tried out';
}

const ATTEMPT = /* sql */ `select a.id, a.begun_by as "begunBy", a.method, a.issuer,
    case when u.id is not null then json_build_object('userId', u.id,
      'organizationId', u.organization_id, 'shareId', a.share_id) end as known,
    a.return_to as "returnTo", a.code_generation as "codeGeneration",
    case when a.code_expires_at is null then 'none' when a.code_tries >= ${CODE_TRIES} then 'tried out'
      when a.code_expires_at <= clock_timestamp() then 'expired' else 'open' end as code
  from sign_in_attempts a left join users u on u.id = a.user_id and u.disabled_at is null
  where a.secret_hash = ? and a.used_at is null and a.expires_at > clock_timestamp()`;

/** What a browser keeps of it, as a row does. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The attempt of a browser; null where it has none, or none that can go on. */
export async function findAttempt(
  em: EntityManager,
  secret: string,
): Promise<SignInAttempt | null> {
  if (secret === '') return null;
  const [attempt] = await em.execute<SignInAttempt[]>(ATTEMPT, [secretHash(secret)]);
  return attempt ?? null;
}

/** The same, under its lock. */
export async function lockAttempt(
  em: EntityManager,
  secret: string,
): Promise<SignInAttempt | null> {
  if (secret === '') return null;
  const [attempt] = await em.execute<SignInAttempt[]>(`${ATTEMPT} for update of a`, [
    secretHash(secret),
  ]);
  return attempt ?? null;
}

/** What an attempt begins with. */
export interface Beginning {
  readonly begunBy: SignInAttempt['begunBy'];
  readonly known: Pick<Known, 'userId' | 'shareId'> | null;
  readonly returnTo: ShareId | null;
}

/**
 * Begins to sign somebody in: whoever has a link at its organization's issuer, where one is configured,
 * and whoever gave an address by a code in any case.
 * @returns the secret for the browser, which is not kept
 */
export async function beginAttempt(em: EntityManager, beginning: Beginning): Promise<string> {
  const { begunBy, known, returnTo } = beginning;
  const secret = randomBytes(32).toString('base64url');
  await em.execute(
    `insert into sign_in_attempts
       (id, secret_hash, begun_by, user_id, share_id, return_to, method, issuer, begun_at, expires_at)
     select ?::uuid, ?, begun.by, begun.user_id, ?::uuid, ?::uuid,
       case when i.issuer is null then 'code' else 'issuer' end, i.issuer,
       clock_timestamp(), clock_timestamp() + interval '${ATTEMPT_LASTS}'
     from (select ? as by, ?::uuid as user_id) as begun
     left join users u on u.id = begun.user_id and begun.by = 'link'
     left join organization_issuers i on i.organization_id = u.organization_id`,
    [
      newId<SignInAttemptId>(),
      secretHash(secret),
      known?.shareId ?? null,
      returnTo,
      begunBy,
      known?.userId ?? null,
    ],
  );
  await em.execute(
    `delete from sign_in_attempts where expires_at < clock_timestamp() - interval '1 day'`,
  );
  return secret;
}

/** Makes a new code the one that counts; gives its number. */
export async function nextCode(em: EntityManager, attemptId: SignInAttemptId): Promise<number> {
  const [row] = await em.execute<{ code_generation: number }[]>(
    `update sign_in_attempts set code_generation = code_generation + 1, code_tries = 0,
       code_expires_at = clock_timestamp() + interval '${CODE_LASTS_MINUTES} minutes'
     where id = ? returning code_generation`,
    [attemptId],
  );
  if (row === undefined) throw new Error('the sign-in has vanished');
  return row.code_generation;
}

/** Counts a code that was wrong. */
export async function countWrongCode(em: EntityManager, attemptId: SignInAttemptId): Promise<void> {
  await em.execute('update sign_in_attempts set code_tries = code_tries + 1 where id = ?', [
    attemptId,
  ]);
}

/**
 * Leads an attempt on to the issuer of its user's organization.
 * @returns whether there is one
 */
export async function leadToIssuer(
  em: EntityManager,
  attemptId: SignInAttemptId,
): Promise<boolean> {
  const led = await em.execute<unknown[]>(
    `update sign_in_attempts a set method = 'issuer', issuer = i.issuer
     from users u join organization_issuers i on i.organization_id = u.organization_id
     where a.id = ? and u.id = a.user_id returning 1`,
    [attemptId],
  );
  return led.length > 0;
}

/** The attempt has led to a sign-in: it leads to no other. */
export async function useAttempt(em: EntityManager, attemptId: SignInAttemptId): Promise<void> {
  await em.execute('update sign_in_attempts set used_at = clock_timestamp() where id = ?', [
    attemptId,
  ]);
}

/** What ties an issuer's answer to the browser that asked. */
export interface IssuerRequest {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly codeVerifier: string;
}

/** Derived from a key and the attempt, so that it is stored nowhere. */
export function issuerRequest([key]: LinkKeys, attemptId: SignInAttemptId): IssuerRequest {
  const derive = (what: string) =>
    createHmac('sha256', key.secret).update(`${what}:${attemptId}`).digest('base64url');
  return {
    state: derive('sign-in-state'),
    nonce: derive('sign-in-nonce'),
    codeVerifier: derive('sign-in-verifier'),
  };
}
