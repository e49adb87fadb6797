/** The state of an organization's inventory, for those who administer it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrganizationId } from '../ids.ts';
import { utc } from '../sql.ts';
import type { Finding } from './inventory-differences.ts';

/** A finding with the days on which it was found; instants as ISO 8601. */
export interface StandingFinding {
  readonly kind: Finding['kind'];
  readonly objectKey: string;
  readonly evidenceId: string | null;
  readonly expectedSize: number | null;
  readonly foundSize: number | null;
  readonly firstFoundAt: string;
  readonly lastFoundAt: string;
}

export interface Inventory {
  readonly inventory: {
    readonly endedAt: string | null;
    readonly objects: number;
    readonly bytes: number;
  };
  readonly total: number;
  readonly findings: readonly StandingFinding[];
}

/**
 * Reads the last inventory and its findings, in the order of their objects' keys.
 * @param range.after key and kind of the finding after which to begin, with a space between; null for the first
 */
export async function readInventory(
  em: EntityManager,
  organizationId: OrganizationId,
  range: { readonly after: string | null; readonly limit: number },
): Promise<Inventory> {
  const [row] = await em.execute<(Inventory['inventory'] & { total: number })[]>(
    `select ${utc('p.inventory_ended_at')} as "endedAt", p.inventory_objects::float8 as objects,
       p.inventory_bytes::float8 as bytes,
       (select count(*)::int from inventory_findings f where f.organization_id = p.organization_id) as total
     from retention_progress p where p.organization_id = ?`,
    [organizationId],
  );
  const findings = await em.execute<StandingFinding[]>(
    `select f.kind, f.object_key as "objectKey", f.evidence_id as "evidenceId",
       f.expected_size::float8 as "expectedSize", f.found_size::float8 as "foundSize",
       ${utc('f.first_found_at')} as "firstFoundAt", ${utc('f.last_found_at')} as "lastFoundAt"
     from inventory_findings f where f.organization_id = ?
       and (?::text is null or (f.object_key || ' ' || f.kind) collate "C" > ?)
     order by (f.object_key || ' ' || f.kind) collate "C" limit ?`,
    [organizationId, range.after, range.after, range.limit],
  );
  const { endedAt = null, objects = 0, bytes = 0, total = 0 } = row ?? {};
  return { inventory: { endedAt, objects, bytes }, total, findings };
}
