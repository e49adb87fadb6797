import { changeCase, createCase } from '../../../domain/cases/commands.ts';
import { requireReadableCase } from '../../../domain/cases/visibility.ts';
import { csvStream } from '../../csv.ts';
import { cursorKey, page, pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { inBatches } from './batches.ts';
import { caseEvidenceRoutes } from './case-evidence.ts';
import { type CaseRow, countCases, readCase, readCases, searchedCases } from './presenter.ts';
import { caseChange, caseFilters, caseList, caseParams, caseView, newCase } from './schema.ts';

export const caseRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/cases',
      tag: 'Cases',
      summary: 'Search cases',
      description: 'Those that the user may read: by case.edit, evidence.view or audit.view.',
      query: caseList,
      answers: { 200: { description: 'Cases, newest first', body: pageOf(caseView) } },
    },
    async ({ deps, staff, query }) => {
      const em = deps.database.em.fork();
      const cases = searchedCases(staff, query);
      const after = cursorKey(query.cursor);
      const rows = await readCases(em, cases, { after, limit: query.limit + 1 });
      const total = await countCases(em, cases);
      return {
        status: 200,
        body: page(rows, {
          limit: query.limit,
          total,
          keyOf: (row) => row.id,
          present: (row) => row.view,
        }),
      };
    },
  ),
  route(
    {
      method: 'get',
      path: '/cases/export.csv',
      tag: 'Cases',
      summary: 'Export cases',
      query: caseFilters,
      answers: { 200: { description: 'A row for each case', contentType: 'text/csv' } },
    },
    async ({ ctx, deps, staff, query }) => {
      const em = deps.database.em.fork();
      const cases = searchedCases(staff, query);
      const rows = inBatches((range) => readCases(em, cases, range));
      ctx.attachment('cases.csv');
      const body = csvStream(COLUMNS, presented(rows));
      return { status: 200, headers: { 'Content-Type': 'text/csv; charset=utf-8' }, body };
    },
  ),
  route(
    {
      method: 'get',
      path: '/cases/{caseId}',
      tag: 'Cases',
      summary: 'Read a case',
      params: caseParams,
      answers: { 200: { description: 'The case', body: caseView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params }) => {
      const em = deps.database.em.fork();
      await requireReadableCase(em, staff, params.caseId);
      return { status: 200, ...(await readCase(em, staff, params.caseId)) };
    },
  ),
  route(
    {
      method: 'post',
      path: '/cases',
      tag: 'Cases',
      summary: 'Open a case',
      body: newCase,
      answers: { 201: { description: 'The case', body: caseView } },
      problems: ['permission-missing'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const created = await createCase(act, staff, body);
        await act.em.flush();
        const headers = { Location: `/api/v1/cases/${created.id}` };
        return { status: 201, headers, ...(await readCase(act.em, staff, created.id)) };
      }),
  ),
  route(
    {
      method: 'patch',
      path: '/cases/{caseId}',
      tag: 'Cases',
      summary: 'Change a case',
      params: caseParams,
      body: caseChange,
      answers: { 200: { description: 'The case as it is now', body: caseView } },
      problems: ['not-found', 'permission-missing', 'precondition-failed'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        const changed = await changeCase(act, staff, params.caseId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readCase(act.em, staff, changed.id)) };
      }),
  ),
  ...caseEvidenceRoutes,
];

async function* presented(rows: AsyncIterable<CaseRow>) {
  for await (const { view } of rows) {
    yield { ...view, tags: view.tags.join('; ') };
  }
}

const COLUMNS = [
  { key: 'caseNumber', header: 'Case Number' },
  { key: 'title', header: 'Title' },
  { key: 'description', header: 'Description' },
  { key: 'status', header: 'Status' },
  { key: 'tags', header: 'Tags' },
  { key: 'policeNumber', header: 'Police Number' },
  { key: 'accused', header: 'Accused' },
  { key: 'courtNumber', header: 'Court Number' },
  { key: 'owner.name', header: 'Owner' },
  { key: 'evidenceCount', header: 'Evidence' },
  { key: 'createdAt', header: 'Created On' },
  { key: 'updatedAt', header: 'Updated On' },
];
