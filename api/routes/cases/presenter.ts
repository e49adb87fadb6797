import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { type Condition, readableCases } from '../../../domain/cases/visibility.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId } from '../../../domain/ids.ts';
import { readOne, utc, type ViewSql } from '../../list.ts';
import { allOf, containsWords, hasValue } from '../../search.ts';
import type { caseFilters, caseView } from './schema.ts';

export type CaseView = z.input<typeof caseView>;

export interface CaseRow {
  id: CaseId;
  version: number;
  view: CaseView;
}

const CASE_VIEW: ViewSql = {
  from: 'cases c',
  alias: 'c',
  view: /* sql */ `json_build_object(
    'id', c.id, 'caseNumber', c.case_number, 'title', c.title, 'description', c.description,
    'status', c.status, 'tags', to_json(c.tags), 'policeNumber', c.police_number, 'accused', c.accused,
    'courtNumber', c.court_number,
    'owner', (select json_build_object('id', u.id, 'name', u.name, 'email', u.email) from users u where u.id = c.owner_id),
    'members', coalesce((select json_agg(json_build_object('type', m.principal_type, 'id', m.principal_id)
      order by m.principal_type, m.principal_id) from case_members m where m.case_id = c.id), '[]'),
    'retentionPolicy', c.retention_policy,
    'evidenceCount', (select count(*) from case_evidence ce join evidence e on e.id = ce.evidence_id
      where ce.case_id = c.id and e.state <> 'destroyed'),
    'sharedWithOrganizations', 0, 'copiesOutOfDate', 0,
    'receivedFrom', c.received_from,
    'createdAt', ${utc('c.created_at')}, 'updatedAt', ${utc('c.updated_at')},
    'warnings', case when exists (select 1 from cases d where d.organization_id = c.organization_id
      and lower(d.case_number) = lower(c.case_number) and d.id <> c.id)
      then '["duplicate-case-number"]'::json else '[]'::json end
  )`,
};

/** @throws DomainError `not-found`, also for a case of another organization */
export async function readCase(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
): Promise<{ body: CaseView; version: number }> {
  const found = await readOne<CaseView>(em, CASE_VIEW, 'c.id = ? and c.organization_id = ?', [
    caseId,
    staff.organization.id,
  ]);
  if (found === null) throw notFound('case');
  return found;
}

/** The cases that a user may read and that a search finds. */
export function searchedCases(staff: Staff, filters: z.output<typeof caseFilters>): Condition {
  return allOf(
    readableCases(staff),
    hasValue('c.status', filters.status),
    containsWords(filters.query, [
      'c.case_number',
      'c.title',
      'c.description',
      `array_to_string(c.tags, ' ')`,
    ]),
  );
}

/** Cases from newest to oldest, beginning after the one with the id `after`. */
export async function readCases(
  em: EntityManager,
  cases: Condition,
  range: { readonly after: string | null; readonly limit: number },
): Promise<CaseRow[]> {
  return em.execute<CaseRow[]>(
    `select ${CASE_VIEW.view} as view, c.id, c.version from ${CASE_VIEW.from} where ${cases.sql} and (?::uuid is null or c.id < ?::uuid)
     order by c.id desc limit ?`,
    [...cases.values, range.after, range.after, range.limit],
  );
}

/** How many cases there are. */
export async function countCases(em: EntityManager, cases: Condition): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from cases c where ${cases.sql}`,
    [...cases.values],
  );
  return row?.count ?? 0;
}
