import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, invalid } from '../domain/errors.ts';
import type { LinkKeys } from '../domain/link-token.ts';
import type { Database } from '../platform/database.ts';

interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface KeyRow {
  readonly actor: string;
  readonly route: string;
  readonly key: string;
}

/** A key that this request holds, or the answer that the first request with it got. */
export type KeyClaim = KeyRow & { readonly type: 'held'; readonly id: string };
type KeyState = KeyClaim | { readonly type: 'answered'; readonly answer: KeptAnswer };

/** Seconds that a request may run before its key is taken for abandoned. */
const LOCK_SECONDS = 60;

/** Rows past their time that a claim removes at most: more than it adds. */
const REMOVED_AT_ONCE = 100;

/**
 * Claims a client's `Idempotency-Key` for one actor and one address; kept for 24 hours.
 * @throws DomainError `idempotency-key-reused` where it came with another body,
 *   `idempotency-key-in-use` while the first request runs
 */
export async function claimKey(
  { database, linkKeys }: { readonly database: Database; readonly linkKeys: LinkKeys },
  request: KeyRow & { readonly body: unknown },
): Promise<KeyState> {
  if (!/^[\x21-\x7e]{1,255}$/.test(request.key)) {
    throw invalid({
      pointer: '!Idempotency-Key',
      detail: 'Must be 1 to 255 visible ASCII characters.',
    });
  }
  const em = database.em.fork();
  await removeExpired(em);
  const row = [request.actor, request.route, request.key];
  const hash = fingerprint(linkKeys, request.body);
  const claimId = randomUUID();
  const claimed = await em.execute<unknown[]>(
    `insert into idempotency_keys (actor, route, key, claim_id, request_hash, locked_until, created_at)
     values (?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 second', clock_timestamp())
     on conflict (actor, route, key) do update
       set claim_id = excluded.claim_id, request_hash = excluded.request_hash, locked_until = excluded.locked_until,
           created_at = excluded.created_at, status = null, headers = null, body = null
       where idempotency_keys.created_at < clock_timestamp() - interval '24 hours'
          or (idempotency_keys.status is null and idempotency_keys.locked_until < clock_timestamp())
     returning 1`,
    [...row, claimId, hash, LOCK_SECONDS],
  );
  if (claimed.length > 0) {
    const { actor, route, key } = request;
    return { type: 'held', id: claimId, actor, route, key };
  }
  const [kept] = await em.execute<
    {
      request_hash: Buffer;
      status: number | null;
      headers: Record<string, string>;
      body: unknown;
    }[]
  >(
    `select request_hash, status, headers, body from idempotency_keys where actor = ? and route = ? and key = ?`,
    row,
  );
  if (kept !== undefined && !kept.request_hash.equals(hash)) {
    throw new DomainError(
      'idempotency-key-reused',
      'This key was sent with another request before. Use a new key for each request.',
    );
  }
  if (kept === undefined || kept.status === null) {
    throw new DomainError(
      'idempotency-key-in-use',
      'The first request with this key has not ended. Try again in a moment.',
    );
  }
  return {
    type: 'answered',
    answer: { status: kept.status, headers: kept.headers, body: kept.body },
  };
}

/**
 * What is kept of a body to know it again. It may hold a passphrase, so a dump of the database must not
 * let anybody guess it: keyed with what is not there. With the first key only: for 24 hours after a
 * rotation a request that is sent again is refused as another one.
 */
function fingerprint([key]: LinkKeys, body: unknown): Buffer {
  const own = hkdfSync('sha256', key.secret, '', 'casebridge idempotency fingerprint', 32);
  return createHmac('sha256', Buffer.from(own))
    .update(JSON.stringify(body ?? null))
    .digest();
}

async function removeExpired(em: EntityManager): Promise<void> {
  await em.execute(
    `delete from idempotency_keys where (actor, route, key) in (
       select actor, route, key from idempotency_keys
       where created_at < clock_timestamp() - interval '24 hours'
       order by created_at limit ? for update skip locked)`,
    [REMOVED_AT_ONCE],
  );
}

/** Fields that are shown once: kept nowhere, derived again where they can be. */
const SHOWN_ONCE = new Set(['link', 'inviteLink', 'clientSecret']);

/**
 * Keeps the answer, in the transaction that it is the answer of.
 * @throws DomainError `idempotency-key-in-use` where the claim was taken for abandoned, and another
 *   request has the key: this one must not happen beside it
 */
export async function settleKey(
  em: EntityManager,
  claim: KeyClaim,
  answer: { status: number; headers?: Readonly<Record<string, string>>; body?: unknown },
): Promise<void> {
  const body = JSON.stringify(answer.body ?? null, (name, value: unknown) =>
    SHOWN_ONCE.has(name) ? undefined : value,
  );
  const settled = await em.execute<unknown[]>(
    `update idempotency_keys set status = ?, headers = ?::jsonb, body = ?::jsonb
     where actor = ? and route = ? and key = ? and claim_id = ? returning 1`,
    [
      answer.status,
      JSON.stringify(answer.headers ?? {}),
      body,
      claim.actor,
      claim.route,
      claim.key,
      claim.id,
    ],
  );
  if (settled.length > 0) return;
  throw new DomainError(
    'idempotency-key-in-use',
    'This request took so long that another one with its key went ahead. Nothing was done.',
  );
}

/** Gives a key back after a request that failed, so that it can be sent again. */
export async function releaseKey(database: Database, claim: KeyClaim): Promise<void> {
  await database.em
    .fork()
    .execute(
      `delete from idempotency_keys where actor = ? and route = ? and key = ? and claim_id = ? and status is null`,
      [claim.actor, claim.route, claim.key, claim.id],
    );
}
