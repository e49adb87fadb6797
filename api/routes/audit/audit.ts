import { type Audited, requireAuditView } from '../../../domain/audit/policy.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { ApiDeps } from '../../deps.ts';
import { cursorKey, page, pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { exportEvents, exportTrail } from './export.ts';
import { countEvents, readEvents } from './presenter.ts';
import { auditEventView, auditQuery, caseParams, evidenceParams, shareParams } from './schema.ts';

const tag = 'Audit';
const view = {
  tag,
  description: 'Oldest first. Names are those of today; an event itself holds ids only.',
  query: auditQuery,
  answers: { 200: { description: 'A page of events', body: pageOf(auditEventView) } },
  problems: ['not-found', 'permission-missing'],
} as const;
const csv = {
  tag,
  description: 'UTF-8 with a byte order mark. The export is recorded, and is not in itself.',
  answers: { 200: { description: 'All events', contentType: 'text/csv' } },
  problems: ['not-found', 'permission-missing'],
} as const;

const pdf = {
  tag,
  description: 'A report for people. The export is recorded, and is not in itself.',
  answers: { 200: { description: 'All events', contentType: 'application/pdf' } },
  problems: ['not-found', 'permission-missing'],
} as const;

export const auditRoutes: readonly Route[] = [
  route(
    {
      ...view,
      method: 'get',
      path: '/cases/{caseId}/audit',
      summary: 'What happened to a case',
      params: caseParams,
    },
    async ({ deps, staff, params, query }) =>
      listEvents(deps, staff, { type: 'case', id: params.caseId }, query),
  ),
  route(
    {
      ...csv,
      method: 'get',
      path: '/cases/{caseId}/audit.csv',
      summary: 'The same as a table',
      params: caseParams,
    },
    async (request) => exportEvents(request, { type: 'case', id: request.params.caseId }),
  ),
  route(
    {
      ...pdf,
      method: 'get',
      path: '/cases/{caseId}/audit.pdf',
      summary: 'The same as a report',
      params: caseParams,
    },
    async (request) => exportTrail(request, { type: 'case', id: request.params.caseId }),
  ),
  route(
    {
      ...view,
      method: 'get',
      path: '/evidence/{evidenceId}/audit',
      summary: 'What happened to a piece of evidence',
      params: evidenceParams,
    },
    async ({ deps, staff, params, query }) =>
      listEvents(deps, staff, { type: 'evidence', id: params.evidenceId }, query),
  ),
  route(
    {
      ...csv,
      method: 'get',
      path: '/evidence/{evidenceId}/audit.csv',
      summary: 'The same as a table',
      params: evidenceParams,
    },
    async (request) => exportEvents(request, { type: 'evidence', id: request.params.evidenceId }),
  ),
  route(
    {
      ...pdf,
      method: 'get',
      path: '/evidence/{evidenceId}/audit.pdf',
      summary: 'The same as a report',
      params: evidenceParams,
    },
    async (request) => exportTrail(request, { type: 'evidence', id: request.params.evidenceId }),
  ),
  route(
    {
      ...view,
      method: 'get',
      path: '/shares/{shareId}/activity',
      summary: 'What happened to a share: openings, downloads, refusals, changes',
      params: shareParams,
    },
    async ({ deps, staff, params, query }) =>
      listEvents(deps, staff, { type: 'share', id: params.shareId }, query),
  ),
];

async function listEvents(
  { database }: ApiDeps,
  staff: Staff,
  audited: Audited,
  asked: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const em = database.em.fork();
  await requireAuditView(em, staff, audited);
  const after = cursorKey(asked.cursor, /^\d{1,15}$/) ?? '0';
  const organizationId = staff.organization.id;
  const rows = await readEvents(em, organizationId, audited.id, { after, limit: asked.limit + 1 });
  const { total } = await countEvents(em, organizationId, audited.id);
  return {
    status: 200,
    body: page(rows, {
      limit: asked.limit,
      total,
      keyOf: (event) => String(event.sequence),
      present: (event) => event,
    }),
  } as const;
}
