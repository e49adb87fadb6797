import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { type Acting, act, OPERATOR } from '../act.ts';
import type { LifeRef } from '../lifecycle/wake.ts';
import { FIRST_AFTER } from './reconciliation-rule.ts';

/** The installation's one life of reconciliation; null before a worker was first started. */
export async function reconciliationOf(em: EntityManager): Promise<LifeRef | null> {
  const [row] = await em.execute<{ id: string }[]>('select id from reconciliation');
  if (row === undefined) return null;
  return { kind: 'reconciliation', entityId: row.id, organizationId: null, caseId: null };
}

/**
 * Begins the life at a worker's first start, and wakes it at every other: after Temporal was wiped it is
 * there at once. Its id is random, for installations may share a namespace.
 */
export async function beginReconciliation(acting: Acting, now: Date): Promise<void> {
  await act(acting, OPERATOR, async ({ em, wake }) => {
    await em.execute(
      'insert into reconciliation (id, next_at) values (?, ?) on conflict (is_only) do nothing',
      [v7(), new Date(now.getTime() + FIRST_AFTER)],
    );
    const life = await reconciliationOf(em);
    if (life !== null) wake(life);
  });
}
