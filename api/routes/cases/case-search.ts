import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { readableCases, readsEveryCase } from '../../../domain/cases/visibility.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import {
  asksForFacts,
  casesOfFacts,
  factsOfCases,
  notShared,
  type SharedFilters,
} from '../../../domain/sharing/shared-search.ts';
import { allOf, type Condition, EVERY } from '../../../domain/sql.ts';
import { countRows, type ViewSql } from '../../list.ts';
import { containsWords, hasValue } from '../../search.ts';
import { CASES } from './presenter.ts';
import type { caseFilters } from './schema.ts';

/** What a search looks for in cases themselves. */
type Wanted = Pick<z.output<typeof caseFilters>, 'query' | 'status'>;

/** A search for cases: what it asks, and how the database is asked. */
export interface CaseSearch {
  readonly staff: Staff;
  readonly wanted: Wanted;
  readonly shared: SharedFilters;
  readonly sql: ViewSql;
  readonly condition: Condition;
}

/**
 * Cases by what was shared of them. The planner is held to begin with that: it takes the cases that were
 * shared last year to be spread evenly among all, and would look at every newer one first.
 */
const SHARED_CASES: ViewSql = {
  ...CASES,
  from: `shared_cases s cross join lateral (select * from cases where cases.id = s.case_id offset 0) c`,
  key: 's.case_id',
};

/**
 * The cases that a user may read and that a search finds. What was shared leads the search of somebody
 * who reads every case; anybody else's few cases lead theirs.
 */
export function searchCases(staff: Staff, wanted: Wanted, shared: SharedFilters): CaseSearch {
  const own = staff.organization.id;
  const search = { staff, wanted, shared };
  const found = allOf(casesThemselves(staff, wanted), notShared(own, shared, 'c.id'));
  if (!asksForFacts(shared)) return { ...search, sql: CASES, condition: found };
  if (readsEveryCase(staff)) {
    return { ...search, sql: SHARED_CASES, condition: allOf(casesOfFacts(own, shared), found) };
  }
  const { sql, values } = factsOfCases(own, shared);
  const hasFact = {
    sql: `exists (select 1 from shared_cases s where s.case_id = c.id and ${sql})`,
    values,
  };
  return { ...search, sql: CASES, condition: allOf(found, hasFact) };
}

function casesThemselves(staff: Staff, { query, status }: Wanted): Condition {
  return allOf(
    readableCases(staff),
    hasValue('c.status', status),
    containsWords(query, [
      'c.case_number',
      'c.title',
      'c.description',
      `array_to_string(c.tags, ' ')`,
    ]),
  );
}

/**
 * How many cases a search finds. Where it may look at all cases of the organization, facts and the
 * totals that are kept tell, and the cases themselves need not be counted.
 */
export async function countCases(em: EntityManager, search: CaseSearch): Promise<number> {
  const { staff, wanted, shared } = search;
  if (!readsEveryCase(staff)) return countRows(em, CASES, search.condition);
  if (asksForFacts(shared)) return countFacts(em, search);
  if (wanted.query !== undefined) return countRows(em, CASES, search.condition);
  const all = await totalOf(em, staff, wanted.status);
  if (shared.notSharedTo === undefined) return all;
  const others = searchCases(staff, wanted, { sharedTo: shared.notSharedTo });
  return all - (await countFacts(em, others));
}

async function countFacts(em: EntityManager, search: CaseSearch): Promise<number> {
  const { staff, wanted, shared } = search;
  const own = staff.organization.id;
  const cases = casesThemselves(staff, wanted);
  const isEveryCase = wanted.query === undefined && wanted.status === undefined;
  const found = allOf(
    factsOfCases(own, shared),
    notShared(own, shared, 's.case_id'),
    isEveryCase
      ? EVERY
      : {
          sql: `exists (select 1 from cases c where c.id = s.case_id and ${cases.sql})`,
          values: cases.values,
        },
  );
  const [row] = await em.execute<{ total: string }[]>(
    `select count(distinct s.case_id) as total from shared_cases s where ${found.sql}`,
    [...found.values],
  );
  return Number(row?.total ?? 0);
}

async function totalOf(em: EntityManager, staff: Staff, status: Wanted['status']): Promise<number> {
  const counted = allOf(
    { sql: 't.organization_id = ?', values: [staff.organization.id] },
    hasValue('t.status', status),
  );
  const [row] = await em.execute<{ total: string }[]>(
    `select coalesce(sum(t.total), 0) as total from case_totals t where ${counted.sql}`,
    [...counted.values],
  );
  return Number(row?.total ?? 0);
}
