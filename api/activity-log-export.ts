import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../domain/act.ts';
import { type LogSummary, summariseLog } from '../domain/requests/activity-log.ts';
import type { RequestPlace } from '../domain/requests/request-links.ts';
import { activityLogCsv } from './activity-log-csv.ts';
import { activityLogPdf, type LogReading } from './activity-log-pdf.ts';

/** What the activity log of a request can be had as, besides its page. */
export const LOG_FORMATS = ['csv', 'pdf'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Records that the log is exported; gives what stood in it before. */
export async function recordLogExport(
  act: Act,
  place: RequestPlace,
  format: LogFormat,
): Promise<LogSummary> {
  const summary = await summariseLog(act.em, place);
  act.audit({
    organizationId: place.organizationId,
    action: 'audit.exported',
    objects: [place.requestId],
    data: { format, events: summary.events, lastSequence: summary.lastSequence },
  });
  return summary;
}

/** The log up to what a summary counted, as a file. */
export async function exportedLog(
  em: EntityManager,
  place: RequestPlace,
  reading: LogReading & { readonly format: LogFormat },
  summary: LogSummary,
) {
  switch (reading.format) {
    case 'csv':
      return activityLogCsv(em, place, reading.language, summary.lastSequence);
    case 'pdf':
      return activityLogPdf(em, place, reading, summary);
    default:
      return reading.format satisfies never;
  }
}
