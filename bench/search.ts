/**
 * Searches for what was shared, in an organization with a million cases: each filter alone and combined,
 * a page with its total as the API reads it, by somebody who may read every case.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { readPage } from '../api/list.ts';
import { countCases, searchCases } from '../api/routes/cases/case-search.ts';
import { countEvidence, searchEvidence } from '../api/routes/cases/evidence-search.ts';
import { caseList, evidenceList } from '../api/routes/cases/schema.ts';
import { sharedFilters } from '../api/routes/cases/shared-filters.ts';
import { CASE_EVIDENCE } from '../api/routes/evidence/presenter.ts';
import type { Grants } from '../domain/identity/permissions.ts';
import { findStaff, type Staff } from '../domain/identity/staff.ts';
import { openDatabase } from '../platform/database.ts';
import {
  CASES,
  INVESTIGATOR,
  LARGE_CASE,
  largestCase,
  loadSearchData,
  PARTNERS,
  partnerId,
  READER,
  SHARES,
} from './search/data.ts';
import { startBenchDatabase } from './search/database.ts';
import { plansOf, timesOf } from './search/measure.ts';

const RUNS = 100;

type Filters = Readonly<Record<string, string>>;
type Searches = Readonly<Record<string, (run: number) => Filters>>;

/** A partner, so that a few of them are asked for often, as they are shared with often. */
function partner(run: number): string {
  return partnerId(1 + Math.floor(PARTNERS * ((run * 0.618034) % 1) ** 2));
}

function day(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
}

const SEARCHES: Searches = {
  'no filter': () => ({}),
  sharedTo: (run) => ({ sharedTo: partner(run) }),
  'sharedTo the largest': () => ({ sharedTo: partnerId(1) }),
  sharedFrom: (run) => ({ sharedFrom: partner(run) }),
  notSharedTo: (run) => ({ notSharedTo: partner(run) }),
  'sharedOn yesterday': () => ({ sharedOn: 'yesterday' }),
  'sharedOn this_week': () => ({ sharedOn: 'this_week' }),
  'sharedOn last_week': () => ({ sharedOn: 'last_week' }),
  'sharedOn this_month': () => ({ sharedOn: 'this_month' }),
  'sharedOn last_month': () => ({ sharedOn: 'last_month' }),
  'sharedOn this_year': () => ({ sharedOn: 'this_year' }),
  'sharedOn last_year': () => ({ sharedOn: 'last_year' }),
  'sharedOnFrom, sharedOnTo: a month': (run) => ({
    sharedOnFrom: day(31 + ((run * 37) % 1_500)),
    sharedOnTo: day((run * 37) % 1_500),
  }),
  'sharedOnFrom: five years': () => ({ sharedOnFrom: day(5 * 365) }),
  'sharedTo + sharedOn last_month': (run) => ({ sharedTo: partner(run), sharedOn: 'last_month' }),
  'sharedTo + sharedOn last_year': (run) => ({ sharedTo: partner(run), sharedOn: 'last_year' }),
  'sharedFrom + sharedOn last_year': (run) => ({ sharedFrom: partner(run), sharedOn: 'last_year' }),
  'sharedTo + notSharedTo': (run) => ({ sharedTo: partner(run), notSharedTo: partner(run + 1) }),
  'sharedFrom + notSharedTo': (run) => ({
    sharedFrom: partner(run),
    notSharedTo: partner(run + 1),
  }),
  'sharedOn last_year + notSharedTo': (run) => ({
    sharedOn: 'last_year',
    notSharedTo: partner(run),
  }),
  'sharedTo + sharedOn + notSharedTo': (run) => ({
    sharedTo: partner(run),
    sharedOn: 'last_year',
    notSharedTo: partner(run + 1),
  }),
  'status + sharedTo': (run) => ({ status: 'open', sharedTo: partner(run) }),
  'status + notSharedTo': (run) => ({ status: 'open', notSharedTo: partner(run) }),
  'status + sharedOn last_year': () => ({ status: 'open', sharedOn: 'last_year' }),
};

const ALONE: Searches = Object.fromEntries(
  Object.entries(SEARCHES).filter(([name]) => !name.includes('+')),
);

const IN_A_CASE: Searches = {
  'no filter': () => ({}),
  sharedTo: () => ({ sharedTo: partnerId(1) }),
  sharedFrom: (run) => ({ sharedFrom: partner(run) }),
  notSharedTo: () => ({ notSharedTo: partnerId(1) }),
  'sharedTo + sharedOn yesterday': () => ({ sharedTo: partnerId(1), sharedOn: 'yesterday' }),
  'sharedTo + notSharedTo': () => ({ sharedTo: partnerId(1), notSharedTo: partnerId(2) }),
};

/** Runs it: some minutes and 3 GB below the temporary folder, which it removes. */
export async function benchSearch(): Promise<void> {
  const server = await startBenchDatabase();
  try {
    print(`Making ${CASES.toLocaleString('en')} cases, ${SHARES.toLocaleString('en')} shares`);
    await loadSearchData(server.superuserUrl);
    const database = await openDatabase({ url: server.appUrl, poolSize: 4 });
    try {
      const em = database.em.fork();
      const reader = await staffWith(em, READER, { 'evidence.view': 'any' });
      print('\nSomebody who may read every case');
      await measure(SEARCHES, (asked) => searchedCases(em, reader, asked));
      print('\nSomebody who may read its own cases, one in five hundred');
      const investigator = await staffWith(em, INVESTIGATOR, { 'evidence.view': 'own' });
      await measure(ALONE, (asked) => searchedCases(em, investigator, asked));
      print(`\nThe evidence of a case that has ${LARGE_CASE.toLocaleString('en')} pieces`);
      await measure(IN_A_CASE, (asked) => searchedEvidence(em, reader, asked));
      print('\nPlans: those of the total, then that of the page');
      await printPlans(em, SEARCHES, (explaining, asked) =>
        searchedCases(explaining, reader, asked),
      );
      await printPlans(em, IN_A_CASE, (explaining, asked) =>
        searchedEvidence(explaining, reader, asked),
      );
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
  }
}

async function staffWith(em: EntityManager, email: string, grants: Grants): Promise<Staff> {
  const staff = await findStaff(em, email);
  if (staff === null) throw new Error(`the data has no ${email}`);
  return { ...staff, roles: [grants] };
}

/** A page of cases and their total, as the API reads them. */
async function searchedCases(em: EntityManager, staff: Staff, asked: Filters) {
  const query = caseList.parse(asked);
  const found = searchCases(staff, query, sharedFilters(query, staff, new Date()));
  return readPage(em, found.sql, found.condition, query, {
    order: 'newest first',
    total: await countCases(em, found),
  });
}

/** A page of the largest case's evidence and its total. */
async function searchedEvidence(em: EntityManager, staff: Staff, asked: Filters) {
  const query = evidenceList.parse(asked);
  const largest = await largestCase(em);
  const condition = await searchEvidence(em, staff, largest, query, new Date());
  const total = await countEvidence(em, query, condition);
  return readPage(em, CASE_EVIDENCE, condition, query, { total });
}

type Search = (asked: Filters) => Promise<{ readonly page: { readonly total: number } }>;

async function measure(searches: Searches, search: Search): Promise<void> {
  print(line('a page and its total', ['found', 'p50 ms', 'p95 ms']));
  for (const [name, filters] of Object.entries(searches)) {
    const { page } = await search(filters(0));
    const { p50, p95 } = await timesOf(RUNS, (run) => search(filters(run)));
    print(line(name, [page.total.toLocaleString('en'), p50.toFixed(1), p95.toFixed(1)]));
  }
}

async function printPlans(
  em: EntityManager,
  searches: Searches,
  search: (explaining: EntityManager, asked: Filters) => Promise<unknown>,
): Promise<void> {
  for (const [name, filters] of Object.entries(searches)) {
    const plans = await plansOf(em, (explaining) => search(explaining, filters(0)));
    print(`\n${name}`);
    for (const plan of plans) print(`${plan.map((step) => `  ${step}`).join('\n')}\n`);
  }
}

function line(name: string, figures: readonly string[]): string {
  return `  ${name.padEnd(36)}${figures.map((figure) => figure.padStart(10)).join('')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
