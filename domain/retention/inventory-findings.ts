/** What inventories have found: kept until an inventory does not find it any more. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Finding } from './inventory-differences.ts';

/** Notes what was found; what was found before keeps the day on which it was found first. */
export async function noteFindings(
  em: EntityManager,
  organizationId: string,
  findings: readonly Finding[],
  now: Date,
): Promise<void> {
  if (findings.length === 0) return;
  await em.execute(
    `insert into inventory_findings as f (organization_id, object_key, kind, evidence_id, expected_size,
       found_size, first_found_at, last_found_at)
     select ?::uuid, n.key, n.kind, n."evidenceId", n."expectedSize", n."foundSize", ?::timestamptz, ?::timestamptz
     from json_to_recordset(?::json) as n
       (key text, kind text, "evidenceId" uuid, "expectedSize" bigint, "foundSize" bigint)
     on conflict (organization_id, object_key, kind) do update set evidence_id = excluded.evidence_id,
       expected_size = excluded.expected_size, found_size = excluded.found_size,
       last_found_at = excluded.last_found_at`,
    [organizationId, now, now, JSON.stringify(findings)],
  );
}
