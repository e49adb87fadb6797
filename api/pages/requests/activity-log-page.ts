import type { Language } from '../../../domain/identity/user.entity.ts';
import type { UploadRequestId } from '../../../domain/ids.ts';
import type { LogEntry, LogSummary } from '../../../domain/requests/activity-log.ts';
import { formatBytes, formatInstant, formatNumber } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES, type Messages } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { visible } from '../visible.ts';

type Words = Messages['requests']['log'];

/** What the page of an activity log shows. */
export interface ShownLog {
  readonly requestId: UploadRequestId;
  readonly timeZone: string;
  readonly summary: LogSummary;
  readonly entries: readonly LogEntry[];
  /** The sequence after which the next page begins; null on the last. */
  readonly next: number | null;
  /** Whether the reader may go back to the request itself. */
  readonly withRequest: boolean;
}

/** Every event of a request, with the number of files that arrived, and when, on top. */
export function activityLogPage(language: Language, log: ShownLog): PageContent {
  const words = MESSAGES[language].requests.log;
  const { summary, requestId, next } = log;
  const at = (instant: Date) => formatInstant(instant, language, log.timeZone);
  const path = `/requests/${requestId}/activity-log`;
  return {
    title: words.heading,
    body: html`<section class="card">
<h1>${words.heading}</h1>
<dl class="facts">
<div><dt>${words.items}</dt><dd>${formatNumber(summary.items, language)}</dd></div>
<div><dt>${words.last}</dt><dd>${summary.lastAt === null ? words.none : at(summary.lastAt)}</dd></div>
</dl>
<p><a class="button" href="${path}.pdf">${words.pdf}</a></p>
<p><a class="button second" href="${path}.csv">${words.csv}</a></p>
${log.withRequest && html`<p><a href="/requests/${requestId}">${words.back}</a></p>`}
</section>
<section class="card">
<h2>${words.allEvents}</h2>
<ol class="files">
${log.entries.map((entry) => item(language, words, entry, at))}
</ol>
${next !== null && html`<p><a href="${path}?after=${next}">${words.later}</a></p>`}
</section>`,
  };
}

/** Events that say that a file is there, whole. */
const RECEIVED: ReadonlySet<LogEntry['action']> = new Set([
  'evidence.verified',
  'evidence.released',
]);

function item(
  language: Language,
  words: Words,
  entry: LogEntry,
  at: (instant: Date) => string,
): Html {
  const event = words.events[entry.action] ?? entry.action;
  const reason = entry.reason === null ? '' : ` (${entry.reason})`;
  const isReceived = RECEIVED.has(entry.action);
  const mark = isReceived && html`<span class="received-mark" aria-hidden="true">✓</span>`;
  const outcome = entry.outcome !== 'done' && html` – ${words.outcomes[entry.outcome]}${reason}`;
  return html`<li>
<div class="file-name">${mark}${event}${outcome}</div>
<div class="file-facts"><time datetime="${entry.at}">${at(new Date(entry.at))}</time> · <bdi>${visible(entry.actor.name ?? '')}</bdi></div>
${entry.files.map(({ name, size, sha256 }) => html`<div class="file-facts"><bdi>${visible(name)}</bdi> · ${formatBytes(size, language)}</div>${sha256 !== null && html`<div class="hash">SHA-256 ${sha256}</div>`}`)}
</li>
`;
}
