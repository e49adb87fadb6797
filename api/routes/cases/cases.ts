import { changeCase, createCase } from '../../../domain/cases/commands.ts';
import { requireReadableCase } from '../../../domain/cases/visibility.ts';
import { csvAnswer } from '../../csv.ts';
import { readBatches, readPage } from '../../list.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { caseEvidenceRoutes } from './case-evidence.ts';
import { countCases, searchCases } from './case-search.ts';
import { type CaseView, EXPORTED_CASE, type ExportedCase, readCase } from './presenter.ts';
import { caseChange, caseFilters, caseList, caseParams, caseView, newCase } from './schema.ts';
import { sharedFilters } from './shared-filters.ts';
import { SHARING_COLUMNS } from './sharing-columns.ts';

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
      const search = searchCases(staff, query, sharedFilters(query, staff, new Date()));
      const body = await readPage<CaseView>(em, search.sql, search.condition, query, {
        order: 'newest first',
        total: await countCases(em, search),
      });
      return { status: 200, body };
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
    async ({ deps, staff, query }) => {
      const em = deps.database.em.fork();
      const { sql, condition } = searchCases(staff, query, sharedFilters(query, staff, new Date()));
      const exported = { ...sql, view: EXPORTED_CASE };
      const rows = readBatches<ExportedCase>(em, exported, condition, 'newest first');
      return csvAnswer('cases.csv', COLUMNS, presented(rows));
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
      problems: ['not-found', 'permission-missing', 'feature-missing', 'precondition-failed'],
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

async function* presented(rows: AsyncIterable<ExportedCase>) {
  for await (const { view, sharing } of rows) {
    yield { ...view, tags: view.tags.join('; '), ...sharing };
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
  ...SHARING_COLUMNS,
];
