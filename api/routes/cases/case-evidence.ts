import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import {
  addEvidenceToCase,
  markCaseSeen,
  removeEvidenceFromCase,
} from '../../../domain/cases/case-evidence.ts';
import { type Condition, requireCase } from '../../../domain/cases/visibility.ts';
import { isOwnCase, requirePermissions, type Staff } from '../../../domain/identity/staff.ts';
import type { CaseId } from '../../../domain/ids.ts';
import { csvStream } from '../../csv.ts';
import { cursorKey, page, pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { allOf, containsWords, hasValue } from '../../search.ts';
import { countCaseEvidence, type EvidenceView, readCaseEvidence } from '../evidence/presenter.ts';
import { evidenceView } from '../evidence/schema.ts';
import { inBatches } from './batches.ts';
import { caseEvidenceParams, caseParams, evidenceFilters, evidenceList } from './schema.ts';

/** The evidence of a case that a search finds, for somebody who may see all of it. */
async function searchedEvidence(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
  filters: z.output<typeof evidenceFilters>,
): Promise<Condition> {
  await requireCase(em, staff, caseId);
  requirePermissions(staff, ['evidence.view'], await isOwnCase(em, staff, caseId));
  return allOf(
    { sql: `ce.case_id = ? and e.state <> 'destroyed'`, values: [caseId] },
    hasValue('e.state', filters.status),
    containsWords(filters.query, [
      'e.evidence_number',
      'e.title',
      'e.description',
      'e.file_name',
      `array_to_string(e.tags, ' ')`,
    ]),
  );
}

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
      const selected = await searchedEvidence(em, staff, params.caseId, query);
      const after = cursorKey(query.cursor);
      const rows = await readCaseEvidence(em, selected, { after, limit: query.limit + 1 });
      const total = await countCaseEvidence(em, selected);
      const options = { limit: query.limit, total, keyOf: (row: { id: string }) => row.id };
      return { status: 200, body: page(rows, { ...options, present: ({ view }) => view }) };
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
    async ({ ctx, deps, staff, params, query }) => {
      const em = deps.database.em.fork();
      const selected = await searchedEvidence(em, staff, params.caseId, query);
      const rows = inBatches((range) => readCaseEvidence(em, selected, range));
      ctx.attachment('evidence.csv');
      const body = csvStream(COLUMNS, presented(rows));
      return { status: 200, headers: { 'Content-Type': 'text/csv; charset=utf-8' }, body };
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

async function* presented(rows: AsyncIterable<{ readonly view: EvidenceView }>) {
  for await (const { view } of rows) {
    const categories = view.categories.map(({ name }) => name).join('; ');
    yield { ...view, categories, tags: view.tags.join('; ') };
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
];
