import type { EntityManager } from '@mikro-orm/postgresql';
import type { Context } from 'koa';
import type { ApiDeps } from './deps.ts';
import { claimKey, releaseKey, settleKey } from './idempotency.ts';
import type { SentAnswer } from './route.ts';

/** Keeps the answer of a command, in its transaction. */
export type KeepAnswer = (em: EntityManager, answer: SentAnswer) => Promise<void>;

/**
 * Runs a request under its `Idempotency-Key`, if it is a POST that has one: the first answer is given
 * again, and what `again` completes it with. A request that changes nothing has no answer to keep: it
 * may simply be made again.
 * @throws DomainError `idempotency-key-reused`, `idempotency-key-in-use`
 */
export async function underKey<Answered extends SentAnswer>(
  ctx: Context,
  deps: ApiDeps,
  request: {
    /** Whose keys they are; another's are other keys. */
    readonly actor: string;
    readonly body: unknown;
    readonly again?: (body: unknown) => Promise<unknown>;
  },
  work: (keep: KeepAnswer) => Promise<Answered>,
): Promise<Answered | SentAnswer> {
  const key = ctx.method === 'POST' ? ctx.get('Idempotency-Key') : '';
  if (key === '') return work(async () => undefined);
  const { actor, body, again = async (kept) => kept } = request;
  const claim = await claimKey(deps, { actor, route: `post ${ctx.path}`, key, body });
  if (claim.type === 'answered') {
    ctx.set('Idempotency-Replayed', 'true');
    return { ...claim.answer, body: await again(claim.answer.body) };
  }
  let isKept = false;
  try {
    const answer = await work(async (em, kept) => {
      await settleKey(em, claim, kept);
      isKept = true;
    });
    if (!isKept) await releaseKey(deps.database, claim);
    return answer;
  } catch (error) {
    // Whatever it kept was undone with its transaction.
    await releaseKey(deps.database, claim);
    throw error;
  }
}
