/** One slice of a retention life: compares what the store has of an organization with what its rows say. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import type { Acting } from '../act.ts';
import { parseWorkflowId, type WorkflowId } from '../lifecycle/life.ts';
import { confirmed } from './inventory-confirm.ts';
import { differences } from './inventory-differences.ts';
import { noteFindings } from './inventory-findings.ts';
import { readExpected, readKnown } from './inventory-rows.ts';
import { INVENTORY_EVERY } from './retention-rule.ts';

/** Pages of the store's listing that one slice reads. */
const MOST_PAGES = 10;

export interface InventoryDeps extends Acting {
  readonly store: ObjectStore;
}

/** Where an organization's objects lie, in the order in which they are read. */
export function prefixesOf(organizationId: string): readonly string[] {
  return [`copies/${organizationId}/`, `evidence/${organizationId}/`];
}

/**
 * Reads the next pages of the store's listing and notes what differs from the rows: objects that are
 * missing or have another size, and objects that nobody knows. It changes nothing in the store. At the end
 * of the last page findings of earlier days that were not found again are forgotten, and the next
 * inventory is due a day later.
 * @param now the workflow's clock
 * @returns whether an inventory was due
 */
export async function takeInventory(
  deps: InventoryDeps,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
): Promise<boolean> {
  const { entityId: organizationId } = parseWorkflowId(workflowId);
  const em = deps.database.em.fork();
  const begun = await begin(em, organizationId, now);
  if (begun === null) return false;
  let after: string | null = begun.after;
  for (let pages = 0; pages < MOST_PAGES && after !== null; pages += 1) {
    cancelled.throwIfAborted();
    after = await comparePage(deps, organizationId, after, now);
  }
  if (after === null) await end(em, organizationId, begun.at, now);
  return true;
}

/** The inventory under way, or a new one; null where none is due. */
async function begin(
  em: EntityManager,
  organizationId: string,
  now: Date,
): Promise<{ readonly at: Date; readonly after: string } | null> {
  const [row] = await em.execute<{ began_at: Date | string; after: string }[]>(
    `update retention_progress set
       inventory_objects = case when inventory_began_at is null then 0 else inventory_objects end,
       inventory_bytes = case when inventory_began_at is null then 0 else inventory_bytes end,
       inventory_after = coalesce(inventory_after, ?),
       inventory_began_at = coalesce(inventory_began_at, ?)
     where organization_id = ? and inventory_at <= ?
     returning inventory_began_at as began_at, inventory_after as after`,
    [prefixesOf(organizationId)[0], now, organizationId, now],
  );
  return row === undefined ? null : { at: new Date(row.began_at), after: row.after };
}

/** Compares one page; gives where the next begins, null at the end of the last prefix. */
async function comparePage(
  { database, store }: InventoryDeps,
  organizationId: string,
  after: string,
  now: Date,
): Promise<string | null> {
  const em = database.em.fork();
  const prefixes = prefixesOf(organizationId);
  const position = prefixes.findIndex((one) => after.startsWith(one));
  const prefix = prefixes[position];
  if (prefix === undefined) throw new Error('the inventory does not know where it was');
  // A listing after the prefix itself: no key is the prefix.
  const page = await store.page(prefix, after === prefix ? '' : after);
  const keys = page.versions.map(({ key }) => key);
  const expected = await readExpected(em, organizationId, { prefix, after, to: page.next });
  const known = await readKnown(em, keys);
  const found = differences(page.versions, { expected, known }, now);
  await noteFindings(em, organizationId, await confirmed(em, store, found), now);
  const next = page.next ?? prefixes[position + 1] ?? null;
  await em.execute(
    `update retention_progress set inventory_after = ?, inventory_objects = inventory_objects + ?,
       inventory_bytes = inventory_bytes + ? where organization_id = ?`,
    [
      next ?? prefix,
      new Set(keys).size,
      page.versions.reduce((sum, { size }) => sum + size, 0),
      organizationId,
    ],
  );
  return next;
}

async function end(
  em: EntityManager,
  organizationId: string,
  beganAt: Date,
  now: Date,
): Promise<void> {
  await em.execute(
    'delete from inventory_findings where organization_id = ? and last_found_at < ?',
    [organizationId, beganAt],
  );
  await em.execute(
    `update retention_progress set inventory_at = ?, inventory_began_at = null, inventory_after = null,
       inventory_ended_at = ? where organization_id = ?`,
    [new Date(now.getTime() + INVENTORY_EVERY), now, organizationId],
  );
}
