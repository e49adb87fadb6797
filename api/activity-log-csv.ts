import type { EntityManager } from '@mikro-orm/postgresql';
import type { Language } from '../domain/identity/user.entity.ts';
import { type LogEntry, readWholeLog } from '../domain/requests/activity-log.ts';
import type { RequestPlace } from '../domain/requests/request-links.ts';
import { csvAnswer } from './csv.ts';
import { MESSAGES } from './pages/messages/messages.ts';

/** The activity log of a request up to an event, as a table in the reader's language. */
export function activityLogCsv(
  em: EntityManager,
  place: RequestPlace,
  language: Language,
  upTo: number,
) {
  const words = MESSAGES[language].requests.log;
  const columns = [
    { key: 'at', header: `${words.time} (UTC)` },
    { key: 'actor', header: words.actor },
    { key: 'event', header: words.event },
    { key: 'file', header: words.file },
    { key: 'size', header: words.size },
    { key: 'sha256', header: words.sha256 },
    { key: 'outcome', header: words.outcome },
    { key: 'reason', header: '' },
    { key: 'sequence', header: '#' },
  ];
  return csvAnswer(
    `activity-log-${place.requestId}.csv`,
    columns,
    rows(readWholeLog(em, place, upTo), language),
  );
}

async function* rows(
  entries: AsyncIterable<LogEntry>,
  language: Language,
): AsyncGenerator<Record<string, unknown>> {
  const words = MESSAGES[language].requests.log;
  for await (const entry of entries) {
    const common = {
      at: entry.at,
      actor: entry.actor.name,
      event: words.events[entry.action] ?? entry.action,
      outcome: words.outcomes[entry.outcome],
      reason: entry.reason,
      sequence: entry.sequence,
    };
    if (entry.files.length === 0) yield common;
    for (const { name, size, sha256 } of entry.files) yield { ...common, file: name, size, sha256 };
  }
}
