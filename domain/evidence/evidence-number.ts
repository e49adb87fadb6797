/** The numbers that organizations give to evidence. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrganizationId } from '../ids.ts';

/**
 * Takes so many numbers that follow each other, counted in each organization; a gap stays where
 * verification refused a file.
 * @returns the first of them
 */
export async function takeEvidenceNumbers(
  em: EntityManager,
  organizationId: OrganizationId,
  count: number,
): Promise<number> {
  const [row] = await em.execute<{ last_number: string }[]>(
    `insert into evidence_counters (organization_id, last_number) values (?, ?)
     on conflict (organization_id) do update
       set last_number = evidence_counters.last_number + excluded.last_number
     returning last_number`,
    [organizationId, count],
  );
  if (row === undefined) throw new Error('the evidence number was not given');
  return Number(row.last_number) - count + 1;
}

/** `E-000001` */
export function evidenceNumber(count: number): string {
  return `E-${String(count).padStart(6, '0')}`;
}
