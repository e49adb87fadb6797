import type { EntityManager } from '@mikro-orm/postgresql';
import type { Language } from '../domain/identity/user.entity.ts';
import { type LogEntry, type LogSummary, readWholeLog } from '../domain/requests/activity-log.ts';
import type { RequestPlace } from '../domain/requests/request-links.ts';
import { renderReport } from '../platform/pdf/report.ts';
import { attachment } from './attachment.ts';
import { formatBytes, formatNumber } from './pages/format.ts';
import { MESSAGES } from './pages/messages/messages.ts';

/** Who a log is rendered for. */
export interface LogReading {
  readonly language: Language;
  readonly organization: { readonly name: string; readonly timeZone: string };
}

/** The activity log of a request as a PDF, in the reader's language and the organization's time zone. */
export async function activityLogPdf(
  em: EntityManager,
  place: RequestPlace,
  { language, organization }: LogReading,
  summary: LogSummary,
) {
  const words = MESSAGES[language].requests.log;
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: organization.timeZone,
  });
  const at = (instant: Date) => format.format(instant);
  const now = new Date();
  const body = await renderReport({
    title: words.heading,
    createdAt: now,
    footer: `${organization.name} · ${words.heading} · ${at(now)} (${organization.timeZone})`,
    facts: [
      {
        heading: organization.name,
        entries: [
          [words.items, formatNumber(summary.items, language)],
          [words.last, summary.lastAt === null ? words.none : at(summary.lastAt)],
        ],
      },
    ],
    table: {
      heading: words.heading,
      columns: [
        { label: '#', width: 30 },
        { label: words.time, width: 92 },
        { label: words.actor, width: 82 },
        { label: words.event, width: 96 },
        { label: words.file, width: 200 },
      ],
      rows: rows(readWholeLog(em, place, summary.lastSequence), language, at),
      empty: words.none,
    },
  });
  return {
    status: 200 as const,
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': attachment(`activity-log-${place.requestId}.pdf`),
    },
    body,
  };
}

async function* rows(
  entries: AsyncIterable<LogEntry>,
  language: Language,
  at: (instant: Date) => string,
): AsyncGenerator<readonly string[]> {
  const words = MESSAGES[language].requests.log;
  let number = 0;
  for await (const entry of entries) {
    number += 1;
    const event = words.events[entry.action] ?? entry.action;
    const reason = entry.reason === null ? '' : `, ${entry.reason}`;
    const outcome = entry.outcome === 'done' ? '' : ` (${words.outcomes[entry.outcome]}${reason})`;
    const common = [String(number), at(new Date(entry.at)), entry.actor.name ?? ''];
    if (entry.files.length === 0) yield [...common, `${event}${outcome}`, ''];
    for (const { name, size, sha256 } of entry.files) {
      const file = `${name} · ${formatBytes(size, language)}${sha256 === null ? '' : ` · SHA-256 ${sha256}`}`;
      yield [...common, `${event}${outcome}`, file];
    }
  }
}
