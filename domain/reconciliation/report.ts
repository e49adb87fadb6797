import type { EntityManager } from '@mikro-orm/postgresql';
import type { Finding as InventoryFinding } from '../retention/inventory-differences.ts';
import type { Finding } from './check.ts';
import { livesInTrouble, type TroubledLife } from './lives-in-trouble.ts';
import type { Reconciled } from './reconcile.ts';

/** A line of a report: found by this run, by the last inventory, or said by a life of itself. */
export interface ReportedFinding {
  readonly kind: Finding['kind'] | InventoryFinding['kind'] | TroubledLife['kind'];
  readonly subject: string;
  readonly organizationId: string | null;
  readonly detail: string;
  readonly repaired: boolean;
}

export interface Report {
  /** How much each check looked at. */
  readonly checked: Readonly<Record<string, number>>;
  readonly findings: readonly ReportedFinding[];
}

/** Findings of inventories that a report names; `npm run admin -- inventory` has them all. */
const MOST = 1_000;

/** What an operator is told after a run: its findings, those of the inventories, and lives in trouble. */
export async function reportOf(em: EntityManager, run: Reconciled): Promise<Report> {
  const ofInventories = await em.execute<Omit<ReportedFinding, 'repaired'>[]>(
    `select kind, object_key as subject, organization_id as "organizationId",
       'expected ' || coalesce(expected_size::text, 'nothing') || ', found ' ||
         coalesce(found_size::text, 'nothing') as detail
     from inventory_findings order by organization_id, object_key, kind limit ${MOST}`,
  );
  const others = [...ofInventories, ...(await livesInTrouble(em))];
  return {
    checked: run.totals.checked,
    findings: [...run.findings, ...others.map((one) => ({ ...one, repaired: false }))],
  };
}
