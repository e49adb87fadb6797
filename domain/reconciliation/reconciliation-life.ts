import type { EntityManager } from '@mikro-orm/postgresql';
import { defineLife } from '../lifecycle/definition.ts';
import { nextReconciliationStep, type ReconciliationFacts } from './reconciliation-rule.ts';

interface Facts extends ReconciliationFacts {
  readonly standing: readonly { readonly kind: string; readonly count: number }[];
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const [row] = await em.execute<{ next_at: Date | string }[]>(
    'select next_at from reconciliation where id = ? for update',
    [entityId],
  );
  if (row === undefined) return null;
  const standing = await em.execute<{ kind: string; count: number }[]>(
    'select kind, count(*)::int as count from reconciliation_findings group by kind order by kind',
  );
  return { nextAt: new Date(row.next_at), standing };
}

/** What only people can repair. The inventory's findings show on the lives of retention. */
function attentionOf({ standing }: Facts): string | null {
  if (standing.length === 0) return null;
  return `reconciliation found ${standing.map(({ kind, count }) => `${count} ${kind}`).join(', ')}`;
}

/** The life that compares rows, Temporal and the store: one for the whole installation, without an end. */
export const reconciliationLife = defineLife<Facts, never>({
  kind: 'reconciliation',
  load,
  nextStep: nextReconciliationStep,
  perform: async (_act, _facts, step) => step satisfies never,
  stateOf: ({ nextAt }, now) => (nextAt <= now ? 'comparing' : 'waiting'),
  attentionOf,
});
