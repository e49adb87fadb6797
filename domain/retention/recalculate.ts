/** Keeps `queued_for_deletion_on` at what the rule says, whenever something that it depends on changes. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { CaseId, EvidenceId, OrganizationId } from '../ids.ts';
import { uuids } from '../sql.ts';
import { evidenceBeside, readRetentionDates } from './retention-facts.ts';
import { retentionLifeOf } from './retention-life-ref.ts';

/** What changed: evidence, or cases with all evidence that they hold. */
export interface RetentionScope {
  readonly evidence?: readonly EvidenceId[];
  readonly cases?: readonly CaseId[];
}

/**
 * Works out anew when evidence is queued for deletion, in the act that changed something it depends on:
 * of this evidence, and of what shares with it a case that keeps the longest. Rows are written only where
 * the date differs, and count no version: nobody changed the evidence. Where something comes to be due
 * within a day, the organization's life is woken; it looks by itself every day.
 */
export async function recalculateRetention(
  act: Act,
  organizationId: OrganizationId,
  scope: RetentionScope,
): Promise<void> {
  const { em } = act;
  await em.flush();
  const soon = await recalculateDates(em, await evidenceOf(em, scope));
  if (soon) act.wake(retentionLifeOf(organizationId));
}

async function evidenceOf(
  em: EntityManager,
  { evidence = [], cases = [] }: RetentionScope,
): Promise<EvidenceId[]> {
  if (cases.length === 0) return [...evidence];
  const rows = await em.execute<{ id: EvidenceId }[]>(
    `select unnest(?::uuid[]) as id union
     select evidence_id from case_evidence where case_id = any(?::uuid[])`,
    [uuids(evidence), uuids(cases)],
  );
  return rows.map(({ id }) => id);
}

/**
 * The same for a transaction that is no act of somebody's.
 * @returns whether something is to be looked at within a day
 */
export async function recalculateDates(
  em: EntityManager,
  evidenceIds: readonly EvidenceId[],
): Promise<boolean> {
  if (evidenceIds.length === 0) return false;
  const affected = await lockAffected(em, evidenceIds);
  const dates = await readRetentionDates(em, affected);
  const wanted = [...dates].map(([id, date]) => ({ id, date: date?.toISOString() ?? null }));
  const changed = await em.execute<{ soon: boolean }[]>(
    `update evidence e set queued_for_deletion_on = n.date, retention_look_at = case
       when e.state = 'queued_for_deletion' then
         (select d.queued_at from deletions d where d.evidence_id = e.id)
       else n.date end
     from json_to_recordset(?::json) as n (id uuid, date timestamptz(3))
     where e.id = n.id and e.queued_for_deletion_on is distinct from n.date
       and e.state <> 'destroyed' and not (e.state = 'queued_for_deletion' and exists (
         select from deletions d where d.evidence_id = e.id and d.queued_by = 'hand'))
     returning coalesce(e.retention_look_at < clock_timestamp() + interval '24 hours', false) as soon`,
    [JSON.stringify(wanted)],
  );
  return changed.some(({ soon }) => soon);
}

/**
 * Locks all evidence whose date may be another now, in the order of the ids, so that of two acts that
 * change what one date depends on the second reads what the first has written. What came to be affected
 * while this waited for a lock is locked too.
 */
async function lockAffected(
  em: EntityManager,
  evidenceIds: readonly EvidenceId[],
): Promise<EvidenceId[]> {
  const locked = new Set<EvidenceId>();
  for (;;) {
    const affected = await evidenceBeside(em, evidenceIds);
    const more = affected.filter((id) => !locked.has(id));
    if (more.length === 0) return affected;
    await em.execute(
      'select 1 from evidence where id = any(?::uuid[]) order by id for no key update',
      [uuids(more)],
    );
    for (const id of more) locked.add(id);
  }
}
