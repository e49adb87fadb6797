/** The facts that decide how long evidence is kept, read for many pieces of evidence at once. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceState, Uploader } from '../evidence/evidence.entity.ts';
import type { RetentionPolicy } from '../identity/organization.entity.ts';
import type { CaseId, EvidenceId } from '../ids.ts';
import { instantOf, type SqlInstant, uuids } from '../sql.ts';
import {
  countedFrom,
  declinedUntil,
  effectivePolicy,
  later,
  ownDate,
  QUEUED_BY_RULE,
  retentionDate,
} from './retention-date.ts';

/**
 * SQL over a row called `e`: evidence that keeps the rest of a case with the policy
 * `longest_retention_period`. What is declined or gone does not, nor what is not verified yet.
 */
const KEEPS_OTHERS = /* sql */ `(e.state in ('active', 'triage_pending', 'quarantined')
  or (e.state = 'queued_for_deletion' and exists (
    select from deletions q where q.evidence_id = e.id and q.state_before <> 'declined')))`;

/** SQL over rows called `c` and `o`, a case and its organization: its evidence is kept as long as any of it. */
const KEEPS_LONGEST = /* sql */ `(c.retention_policy = 'longest_retention_period'
  and 'configurableCaseRetention' = any(o.features))`;

/** Evidence whose date may depend on this one: itself, and what shares with it a case that keeps the longest. */
export async function evidenceBeside(
  em: EntityManager,
  evidenceIds: readonly EvidenceId[],
): Promise<EvidenceId[]> {
  const rows = await em.execute<{ id: EvidenceId }[]>(
    `select unnest(?::uuid[]) as id union
     select other.evidence_id from case_evidence ce
     join cases c on c.id = ce.case_id join organizations o on o.id = c.organization_id
     join case_evidence other on other.case_id = c.id
     where ce.evidence_id = any(?::uuid[]) and ${KEEPS_LONGEST} order by id`,
    [uuids(evidenceIds), uuids(evidenceIds)],
  );
  return rows.map(({ id }) => id);
}

interface EvidenceRow {
  id: EvidenceId;
  state: EvidenceState;
  state_before: EvidenceState | null;
  uploaded_by: Uploader['type'];
  recorded_at: SqlInstant;
  uploaded_at: Date | string;
  restored_at: SqlInstant;
  declined_at: SqlInstant;
  declined_days: number;
  categories: (number | null)[];
  keeps_others: boolean;
}

interface CaseRow {
  evidence_id: EvidenceId;
  case_id: CaseId;
  retention_policy: RetentionPolicy;
  features: string[];
}

/**
 * When the rule queues each of these pieces of evidence, as things are now; null where it never does, as
 * of what is verified, waits for a decision or is quarantined. What does not exist is not in the answer.
 */
export async function readRetentionDates(
  em: EntityManager,
  evidenceIds: readonly EvidenceId[],
): Promise<ReadonlyMap<EvidenceId, Date | null>> {
  const rows = await readEvidence(em, await evidenceBeside(em, evidenceIds));
  const cases = await readCases(em, evidenceIds);
  const longest = await readLongest(em, cases, rows);
  const casesOf = Map.groupBy(cases, ({ evidence_id: id }) => id);
  const dates = new Map<EvidenceId, Date | null>();
  for (const id of evidenceIds) {
    const row = rows.get(id);
    if (row === undefined) continue;
    const own = casesOf.get(id) ?? [];
    const state = row.state === 'queued_for_deletion' ? row.state_before : row.state;
    if (!QUEUED_BY_RULE.some((queued) => queued === state)) {
      dates.set(id, null);
      continue;
    }
    dates.set(
      id,
      retentionDate({
        categories: row.categories,
        cases: own.map((each) => effectivePolicy(each, each.retention_policy)),
        countedFrom: countedFromOf(row),
        longestInCases: own.flatMap(({ case_id: caseId }) => {
          const date = longest.get(caseId);
          return date === undefined ? [] : [date];
        }),
        declinedUntil:
          state === 'declined' && row.declined_at !== null
            ? declinedUntil(new Date(row.declined_at), row.declined_days)
            : null,
        restoredAt: instantOf(row.restored_at),
      }),
    );
  }
  return dates;
}

async function readEvidence(
  em: EntityManager,
  ids: readonly EvidenceId[],
): Promise<ReadonlyMap<EvidenceId, EvidenceRow>> {
  const rows = await em.execute<EvidenceRow[]>(
    `select e.id, e.state, d.state_before, e.uploaded_by->>'type' as uploaded_by, e.recorded_at,
       e.uploaded_at, d.restored_at, o.declined_retention_days as declined_days,
       (select f.decided_at from submission_files f
         where f.evidence_id = e.id and f.decision = 'declined') as declined_at,
       coalesce((select json_agg(k.retention_days) from evidence_categories ec
         join categories k on k.id = ec.category_id where ec.evidence_id = e.id), '[]') as categories,
       ${KEEPS_OTHERS} as keeps_others
     from evidence e join organizations o on o.id = e.organization_id
     left join deletions d on d.evidence_id = e.id
     where e.id = any(?::uuid[])`,
    [uuids(ids)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function readCases(em: EntityManager, ids: readonly EvidenceId[]): Promise<CaseRow[]> {
  return em.execute<CaseRow[]>(
    `select ce.evidence_id, ce.case_id, c.retention_policy, o.features
     from case_evidence ce join cases c on c.id = ce.case_id
     join organizations o on o.id = c.organization_id
     where ce.evidence_id = any(?::uuid[])`,
    [uuids(ids)],
  );
}

/** Of each case that keeps the longest: when the days of its longest-kept evidence end. */
async function readLongest(
  em: EntityManager,
  cases: readonly CaseRow[],
  rows: ReadonlyMap<EvidenceId, EvidenceRow>,
): Promise<ReadonlyMap<CaseId, Date | null>> {
  const ids = cases
    .filter((each) => effectivePolicy(each, each.retention_policy) === 'longest_retention_period')
    .map(({ case_id: id }) => id);
  const members = await em.execute<{ case_id: CaseId; evidence_id: EvidenceId }[]>(
    'select case_id, evidence_id from case_evidence where case_id = any(?::uuid[])',
    [uuids(new Set(ids))],
  );
  const longest = new Map<CaseId, Date | null>();
  for (const { case_id: caseId, evidence_id: evidenceId } of members) {
    const row = rows.get(evidenceId);
    if (row === undefined || !row.keeps_others) continue;
    const own = ownDate({ categories: row.categories, countedFrom: countedFromOf(row) });
    const before = longest.get(caseId);
    longest.set(caseId, before === undefined ? own : later(before, own));
  }
  return longest;
}

function countedFromOf(row: EvidenceRow): Date {
  return countedFrom({
    uploadedBy: row.uploaded_by,
    recordedAt: instantOf(row.recorded_at),
    uploadedAt: new Date(row.uploaded_at),
  });
}
