import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { casesOfOrganization, ownCases, readingReach } from '../../../domain/cases/visibility.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import {
  asksForFacts,
  factsOfCases,
  firstFacts,
  notShared,
  type SharedFilters,
} from '../../../domain/sharing/shared-search.ts';
import { allOf, type Condition, EVERY, NO } from '../../../domain/sql.ts';
import { countRows, type ViewSql } from '../../list.ts';
import { containsWords, hasValue } from '../../search.ts';
import { CASES } from './presenter.ts';
import type { caseFilters } from './schema.ts';

/** What a search looks for in cases themselves. */
type Wanted = Pick<z.output<typeof caseFilters>, 'query' | 'status'>;

/** What a search asks, and of whom. */
interface Asked {
  readonly staff: Staff;
  readonly wanted: Wanted;
  readonly shared: SharedFilters;
}

/** A search for cases: what it asks, and how the database is asked. */
export interface CaseSearch extends Asked {
  readonly sql: ViewSql;
  readonly condition: Condition;
}

/**
 * The case of a row that leads a search. The planner is held to begin with that: it takes the cases that
 * were shared last year to be spread evenly among all, and would look at every newer one first.
 * @param id the column with the case's id
 */
const caseOf = (id: 's.case_id' | 'o.id') =>
  `cross join lateral (select * from cases where cases.id = ${id} offset 0) c`;

/** Cases by what was shared of them. */
const SHARED_CASES: ViewSql = {
  ...CASES,
  from: `shared_cases s ${caseOf('s.case_id')}`,
  key: 's.case_id',
};

/**
 * The cases that a user may read and that a search finds. What was shared leads the search of somebody
 * who reads every case; anybody else's few cases lead theirs.
 */
export function searchCases(staff: Staff, wanted: Wanted, shared: SharedFilters): CaseSearch {
  const asked: Asked = { staff, wanted, shared };
  const reach = readingReach(staff);
  switch (reach) {
    case 'any':
      return { ...asked, ...amongAll(asked) };
    case 'own':
      return { ...asked, ...amongOwn(asked) };
    case 'none':
      return { ...asked, sql: CASES, condition: NO };
    default:
      return reach satisfies never;
  }
}

type Found = Pick<CaseSearch, 'sql' | 'condition'>;

function amongAll(asked: Asked): Found {
  const { staff, wanted, shared } = asked;
  const own = staff.organization.id;
  const cases = allOf(casesOfOrganization(staff), words(wanted));
  if (asksForFacts(shared)) {
    return { sql: SHARED_CASES, condition: allOf(firstFacts(own, shared), facts(asked), cases) };
  }
  const found = allOf(cases, hasValue('c.status', wanted.status), notShared(own, shared, 'c.id'));
  return { sql: CASES, condition: found };
}

function amongOwn(asked: Asked): Found {
  const { sql, values } = asksForFacts(asked.shared)
    ? ownShared(asked)
    : filtered(ownCases(asked.staff), ownThemselves(asked));
  return {
    sql: { ...CASES, from: `(${sql}) o ${caseOf('o.id')}`, values, key: 'o.id' },
    condition: words(asked.wanted),
  };
}

/** The user's own cases with facts that a search finds, as rows of `id`, each once, as lists have them. */
function ownShared(asked: Asked): Condition {
  const { sql, values } = facts(asked);
  return {
    sql: `select distinct s.case_id as id from shared_cases s where ${sql} order by id desc`,
    values,
  };
}

/** Rows of `id`, named `o` in the condition, as lists have them: a page reads no more cases than it shows. */
function filtered(rows: Condition, condition: Condition): Condition {
  return {
    sql: `select o.id from (${rows.sql}) o where ${condition.sql} order by o.id desc`,
    values: [...rows.values, ...condition.values],
  };
}

/** Of the user's own cases, named `o`, those that a search finds that asks for no facts and no words. */
function ownThemselves({ staff, wanted, shared }: Asked): Condition {
  return allOf(
    hasValue('o.status', wanted.status),
    notShared(staff.organization.id, shared, 'o.id'),
  );
}

/** The facts of cases, named `s`, that a search finds which asks for no words. */
function facts({ staff, wanted, shared }: Asked): Condition {
  const own = staff.organization.id;
  return allOf(
    factsOfCases(own, shared),
    hasValue('s.status', wanted.status),
    notShared(own, shared, 's.case_id'),
    readingReach(staff) === 'any' ? EVERY : ofOwnCases(staff),
  );
}

function ofOwnCases(staff: Staff): Condition {
  const { sql, values } = ownCases(staff);
  return { sql: `s.case_id in (select o.id from (${sql}) o)`, values };
}

function words({ query }: Wanted): Condition {
  return containsWords(query, [
    'c.case_number',
    'c.title',
    'c.description',
    `array_to_string(c.tags, ' ')`,
  ]);
}

/**
 * How many cases a search finds. Unless it asks for words, indexes, facts and the totals that are kept
 * tell, and the cases themselves need not be read.
 */
export async function countCases(em: EntityManager, search: CaseSearch): Promise<number> {
  const { staff, wanted, shared, sql, condition } = search;
  const reach = readingReach(staff);
  if (reach === 'none') return 0;
  if (wanted.query !== undefined) return countRows(em, sql, condition);
  if (asksForFacts(shared)) return countFacts(em, search);
  if (reach === 'own') {
    const own = ownCases(staff);
    return countRows(em, { from: `(${own.sql}) o`, values: own.values }, ownThemselves(search));
  }
  const all = await totalOf(em, search);
  if (shared.notSharedTo === undefined) return all;
  return all - (await countFacts(em, { staff, wanted, shared: { sharedTo: shared.notSharedTo } }));
}

async function countFacts(em: EntityManager, asked: Asked): Promise<number> {
  const found = facts(asked);
  const [row] = await em.execute<{ total: string }[]>(
    `select count(distinct s.case_id) as total from shared_cases s where ${found.sql}`,
    [...found.values],
  );
  return Number(row?.total ?? 0);
}

async function totalOf(em: EntityManager, { staff, wanted }: Asked): Promise<number> {
  const counted = allOf(
    { sql: 't.organization_id = ?', values: [staff.organization.id] },
    hasValue('t.status', wanted.status),
  );
  const [row] = await em.execute<{ total: string }[]>(
    `select coalesce(sum(t.total), 0) as total from case_totals t where ${counted.sql}`,
    [...counted.values],
  );
  return Number(row?.total ?? 0);
}
