import { type LogSummary, readLog, summariseLog } from '../../../domain/requests/activity-log.ts';
import { requireRequest } from '../../../domain/requests/request-policy.ts';
import { exportedLog, type LogFormat, recordLogExport } from '../../activity-log-export.ts';
import { activityLogPage, logQuery } from '../../guest/schema.ts';
import { cursorKey, page } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { uploadRequestParams } from './schema.ts';

const tag = 'Trusted upload';

/** The activity log of a request: what the audit has of it, and of nothing else. */
export const activityLogRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/upload-requests/{uploadRequestId}/activity-log',
      tag,
      summary: 'What happened to a request',
      description: 'Oldest first.',
      params: uploadRequestParams,
      query: logQuery,
      answers: { 200: { description: 'A page of the log', body: activityLogPage } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params, query }) => {
      const em = deps.database.em.fork();
      const { caseId, organizationId } = await requireRequest(em, staff, params.uploadRequestId);
      const place = { requestId: params.uploadRequestId, organizationId, caseId };
      const after = Number(cursorKey(query.cursor, /^\d{1,15}$/) ?? 0);
      const entries = await readLog(em, place, { after, limit: query.limit + 1 });
      const { items, lastAt, events } = await summariseLog(em, place);
      const shown = page(entries, {
        limit: query.limit,
        total: events,
        keyOf: ({ sequence }) => String(sequence),
        present: (entry) => ({ ...entry, files: [...entry.files] }),
      });
      return {
        status: 200,
        body: { summary: { items, lastAt: lastAt?.toISOString() ?? null }, ...shown },
      };
    },
  ),
  exportRoute('csv', 'text/csv', 'The same as a table'),
  exportRoute('pdf', 'application/pdf', 'The same as a document'),
];

function exportRoute(format: LogFormat, contentType: string, title: string): Route {
  return route(
    {
      method: 'get',
      path: `/upload-requests/{uploadRequestId}/activity-log.${format}`,
      tag,
      summary: title,
      description: 'In your language. The export is recorded, and is not in itself.',
      params: uploadRequestParams,
      answers: { 200: { description: 'All events', contentType } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params, command }) => {
      const em = deps.database.em.fork();
      const { id, caseId, organizationId } = await requireRequest(
        em,
        staff,
        params.uploadRequestId,
      );
      const place = { requestId: id, organizationId, caseId };
      const exported: { summary?: LogSummary } = {};
      await command(async (act) => {
        exported.summary = await recordLogExport(act, place, format);
        return { status: 200 };
      });
      const { summary } = exported;
      if (summary === undefined) throw new Error('the export was not recorded');
      const { language, organization } = staff;
      return exportedLog(em, place, { language, organization, format }, summary);
    },
  );
}
