import {
  addEvidenceToCase,
  markCaseSeen,
  removeEvidenceFromCase,
} from '../../../domain/cases/case-evidence.ts';
import { csvAnswer } from '../../csv.ts';
import { readBatches, readPage } from '../../list.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import {
  CASE_EVIDENCE,
  type EvidenceView,
  EXPORTED_EVIDENCE,
  type ExportedEvidence,
} from '../evidence/presenter.ts';
import { evidenceView } from '../evidence/schema.ts';
import { countEvidence, searchEvidence } from './evidence-search.ts';
import { caseEvidenceParams, caseParams, evidenceFilters, evidenceList } from './schema.ts';
import { SHARING_COLUMNS } from './sharing-columns.ts';

export const caseEvidenceRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/cases/{caseId}/evidence',
      tag: 'Cases',
      summary: 'List the evidence of a case',
      params: caseParams,
      query: evidenceList,
      answers: { 200: { description: 'Evidence, oldest first', body: pageOf(evidenceView) } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params, query }) => {
      const em = deps.database.em.fork();
      const selected = await searchEvidence(em, staff, params.caseId, query, new Date());
      const total = await countEvidence(em, query, selected);
      const body = await readPage<EvidenceView>(em, CASE_EVIDENCE, selected, query, { total });
      return { status: 200, body };
    },
  ),
  route(
    {
      method: 'get',
      path: '/cases/{caseId}/evidence/export.csv',
      tag: 'Cases',
      summary: 'Export the evidence of a case',
      params: caseParams,
      query: evidenceFilters,
      answers: {
        200: { description: 'A row for each piece of evidence', contentType: 'text/csv' },
      },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params, query }) => {
      const em = deps.database.em.fork();
      const selected = await searchEvidence(em, staff, params.caseId, query, new Date());
      const rows = readBatches<ExportedEvidence>(em, EXPORTED_EVIDENCE, selected);
      return csvAnswer('evidence.csv', COLUMNS, presented(rows));
    },
  ),
  route(
    {
      method: 'post',
      path: '/cases/{caseId}/evidence/seen',
      tag: 'Cases',
      summary: 'Mark the evidence of a case as seen',
      params: caseParams,
      answers: { 204: { description: 'None of it is new any longer' } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await markCaseSeen(act, staff, params.caseId);
        return { status: 204 };
      }),
  ),
  route(
    {
      method: 'put',
      path: '/cases/{caseId}/evidence/{evidenceId}',
      tag: 'Cases',
      summary: 'Add evidence to a case',
      params: caseEvidenceParams,
      answers: { 204: { description: 'The case has it' } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await addEvidenceToCase(act, staff, params);
        return { status: 204 };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/cases/{caseId}/evidence/{evidenceId}',
      tag: 'Cases',
      summary: 'Take evidence out of a case',
      params: caseEvidenceParams,
      answers: { 204: { description: 'The case has it no longer; the evidence itself stays' } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await removeEvidenceFromCase(act, staff, params);
        return { status: 204 };
      }),
  ),
];

async function* presented(rows: AsyncIterable<ExportedEvidence>) {
  for await (const { view, sharing } of rows) {
    const categories = view.categories.map(({ name }) => name).join('; ');
    yield { ...view, categories, tags: view.tags.join('; '), ...sharing };
  }
}

const COLUMNS = [
  { key: 'evidenceNumber', header: 'Evidence Number' },
  { key: 'title', header: 'Title' },
  { key: 'description', header: 'Description' },
  { key: 'state', header: 'State' },
  { key: 'classification', header: 'Classification' },
  { key: 'file.name', header: 'File Name' },
  { key: 'file.contentType', header: 'Content Type' },
  { key: 'file.size', header: 'Size' },
  { key: 'file.sha256', header: 'SHA-256' },
  { key: 'recordedAt', header: 'Recorded On' },
  { key: 'uploadedAt', header: 'Uploaded On' },
  { key: 'uploadedBy.name', header: 'Uploaded By' },
  { key: 'categories', header: 'Categories' },
  { key: 'tags', header: 'Tags' },
  { key: 'queuedForDeletionOn', header: 'Queued For Deletion On' },
  { key: 'hold.reason', header: 'Hold' },
  { key: 'hold.by', header: 'Held By' },
  { key: 'hold.at', header: 'Held On' },
  ...SHARING_COLUMNS,
];
