/** The page of all cases that partners give somebody access to. */
import type { Language } from '../../../domain/identity/user.entity.ts';
import type { ReceivedShare } from '../../routes/shared-with-me/presenter.ts';
import { formatInstant, formatNumber, formatUntil } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { visible } from '../visible.ts';
import { type PageReader, readerBar } from './access-page.ts';

/** What the page shows. */
export interface AccessListPage {
  readonly shares: readonly ReceivedShare[];
  readonly reader: PageReader;
  readonly total: number;
  /** Whether this is the first page, and the cursor of the next one. */
  readonly first: boolean;
  readonly next: string | null;
  readonly now: Date;
}

/** The cases, newest first, page by page. */
export function accessListPage(language: Language, page: AccessListPage): PageContent {
  const { list, page: words } = MESSAGES[language].access;
  const { shares, reader, total, first, next } = page;
  const pages =
    (!first || next !== null) &&
    html`<nav class="pages" aria-labelledby="cases">
${!first && html`<a href="/access" rel="first">${words.first}</a>`}
${next !== null && html`<a href="/access?cursor=${next}" rel="next">${list.next}</a>`}
</nav>`;
  return {
    title: list.title,
    body: html`${readerBar(words, reader)}
<section class="card">
<h1 id="cases">${list.title}</h1>
${total === 0 ? html`<p>${list.none}</p>` : html`<p class="quiet">${list.count(formatNumber(total, language), total === 1)}</p><ul class="files">${shares.map((share) => item(language, page, share))}</ul>`}
${pages}
</section>`,
  };
}

function item(language: Language, { reader, now }: AccessListPage, share: ReceivedShare): Html {
  const words = MESSAGES[language].access.page;
  const expiresAt = share.expiresAt === null ? null : new Date(share.expiresAt);
  const until =
    expiresAt === null
      ? words.withoutEnd
      : html`<time datetime="${expiresAt.toISOString()}">${formatInstant(expiresAt, language, reader.timeZone)}</time> (${formatUntil(expiresAt, now, language)})`;
  return html`<li>
<a class="file-name" href="/access/${share.id}"><span><bdi>${visible(share.case.caseNumber)}</bdi>: <bdi>${visible(share.case.title)}</bdi></span></a>
<span class="file-facts">${words.eyebrow(visible(share.from.name))}, <bdi>${visible(share.sharedBy.name)}</bdi></span>
<span class="file-facts">${words.until} ${until}</span>
</li>
`;
}
