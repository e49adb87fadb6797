import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError } from '../domain/errors.ts';
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
export type KeyClaim = KeyRow & { readonly type: 'held' };
type KeyState = KeyClaim | { readonly type: 'answered'; readonly answer: KeptAnswer };

/** Seconds that a request may run before its key is taken for abandoned. */
const LOCK_SECONDS = 60;

/**
 * Claims a client's `Idempotency-Key` for one actor and one address; kept for 24 hours.
 * @throws DomainError `idempotency-key-reused` where it came with another body,
 *   `idempotency-key-in-use` while the first request runs
 */
export async function claimKey(
  database: Database,
  request: KeyRow & { readonly body: unknown },
): Promise<KeyState> {
  if (!/^[\x21-\x7e]{1,255}$/.test(request.key)) {
    throw new DomainError('validation-failed', 'See errors for what to change.', {
      faults: [
        { pointer: '!Idempotency-Key', detail: 'Must be 1 to 255 visible ASCII characters.' },
      ],
    });
  }
  const em = database.em.fork();
  const row = [request.actor, request.route, request.key];
  const hash = createHash('sha256')
    .update(JSON.stringify(request.body ?? null))
    .digest();
  const claimed = await em.execute<unknown[]>(
    `insert into idempotency_keys (actor, route, key, request_hash, locked_until, created_at)
     values (?, ?, ?, ?, clock_timestamp() + ? * interval '1 second', clock_timestamp())
     on conflict (actor, route, key) do update
       set request_hash = excluded.request_hash, locked_until = excluded.locked_until,
           created_at = excluded.created_at, status = null, headers = null, body = null
       where idempotency_keys.created_at < clock_timestamp() - interval '24 hours'
          or (idempotency_keys.status is null and idempotency_keys.locked_until < clock_timestamp())
     returning 1`,
    [...row, hash, LOCK_SECONDS],
  );
  if (claimed.length > 0) {
    return { type: 'held', actor: request.actor, route: request.route, key: request.key };
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

/** Fields that are shown once: kept nowhere, derived again where they can be. */
const SHOWN_ONCE = new Set(['link', 'inviteLink', 'clientSecret']);

/** Keeps the answer, in the transaction that it is the answer of. */
export async function settleKey(
  em: EntityManager,
  claim: KeyClaim,
  answer: { status: number; headers?: Readonly<Record<string, string>>; body?: unknown },
): Promise<void> {
  const body = JSON.stringify(answer.body ?? null, (name, value: unknown) =>
    SHOWN_ONCE.has(name) ? undefined : value,
  );
  await em.execute(
    `update idempotency_keys set status = ?, headers = ?::jsonb, body = ?::jsonb where actor = ? and route = ? and key = ?`,
    [
      answer.status,
      JSON.stringify(answer.headers ?? {}),
      body,
      claim.actor,
      claim.route,
      claim.key,
    ],
  );
}

/** Gives a key back after a request that failed, so that it can be sent again. */
export async function releaseKey(database: Database, claim: KeyClaim): Promise<void> {
  await database.em
    .fork()
    .execute(
      `delete from idempotency_keys where actor = ? and route = ? and key = ? and status is null`,
      [claim.actor, claim.route, claim.key],
    );
}
