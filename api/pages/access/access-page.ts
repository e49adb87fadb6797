/** The page of a case that a partner gives access to: what it holds now, and until when. */
import type { Language } from '../../../domain/identity/user.entity.ts';
import type { ReceivedEvidence, ReceivedShare } from '../../routes/shared-with-me/presenter.ts';
import { formatInstant, formatNumber, formatSize, formatUntil } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES, type Messages } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { visible } from '../visible.ts';

/** Who looks, as the pages show it. */
export interface PageReader {
  readonly email: string;
  readonly timeZone: string;
}

/** What the page of a case shows. */
export interface AccessPage {
  readonly share: ReceivedShare;
  readonly reader: PageReader;
  /** That of this page. */
  readonly evidence: readonly ReceivedEvidence[];
  readonly total: number;
  /** Whether this is the first page, and the cursor of the next one. */
  readonly first: boolean;
  readonly next: string | null;
  readonly now: Date;
}

type Words = Messages['access']['page'];

/** The case, with its evidence page by page. */
export function accessPage(language: Language, page: AccessPage): PageContent {
  const words = MESSAGES[language].access.page;
  const { share } = page;
  const heading = words.heading(visible(share.case.caseNumber));
  return {
    title: heading,
    body: html`${readerBar(words, page.reader)}
<nav class="back"><a href="/access">${MESSAGES[language].access.list.all}</a></nav>
<section class="card">
<p class="eyebrow">${words.eyebrow(visible(share.from.name))}</p>
<h1>${heading}<br><bdi>${visible(share.case.title)}</bdi></h1>
${facts(language, words, page)}
${share.message !== null && html`<h2>${words.message(visible(share.sharedBy.name))}</h2><p class="words">${share.message}</p>`}
${share.case.description !== null && html`<h2>${words.description}</h2><p class="words">${share.case.description}</p>`}
${share.case.tags.length > 0 && html`<h2>${words.tags}</h2><p>${share.case.tags.map(visible).join(', ')}</p>`}
</section>
${evidenceList(language, words, page)}`,
  };
}

/** Who is signed in, and the way out. */
export function readerBar(words: Words, reader: PageReader): Html {
  return html`<div class="reader"><span>${words.signedInAs(reader.email)}</span>
<form method="post" action="/sign-out"><button class="button second" type="submit">${words.signOut}</button></form></div>`;
}

function facts(language: Language, words: Words, { share, reader, total, now }: AccessPage): Html {
  const until =
    share.expiresAt === null
      ? words.withoutEnd
      : html`<time datetime="${share.expiresAt}">${formatInstant(new Date(share.expiresAt), language, reader.timeZone)}</time> <span class="exact">(${formatUntil(new Date(share.expiresAt), now, language)})</span>`;
  return html`<dl class="facts">
<div><dt>${words.sharedBy}</dt><dd><bdi>${visible(share.sharedBy.name)}</bdi></dd></div>
<div><dt>${words.mayDo}</dt><dd>${words.access[share.access]}</dd></div>
<div><dt>${words.evidence}</dt><dd>${formatNumber(total, language)}</dd></div>
<div><dt>${words.until}</dt><dd>${until}</dd></div>
</dl>`;
}

function evidenceList(language: Language, words: Words, page: AccessPage): Html {
  const { share, evidence, total, first, next } = page;
  const path = `/access/${share.id}`;
  const pages =
    (!first || next !== null) &&
    html`<nav class="pages" aria-labelledby="evidence">
${!first && html`<a href="${path}#evidence" rel="first">${words.first}</a>`}
${next !== null && html`<a href="${path}?cursor=${next}#evidence" rel="next">${words.next}</a>`}
</nav>`;
  return html`<section class="card">
<h2 id="evidence">${words.count(formatNumber(total, language), total === 1)}</h2>
${total === 0 ? html`<p>${words.none}</p>` : html`<ul class="files">${evidence.map((item) => evidenceItem(language, words, share, item))}</ul>`}
${pages}
</section>`;
}

function evidenceItem(
  language: Language,
  words: Words,
  share: ReceivedShare,
  item: ReceivedEvidence,
): Html {
  return html`<li>
<a class="file-name" href="/access/${share.id}/evidence/${item.id}"><bdi>${visible(item.title)}</bdi></a>
<span class="file-facts"><bdi>${visible(item.file.name)}</bdi>, ${formatSize(item.file.size, language)}</span>
<span class="file-facts">${words.fields.evidenceNumber} <bdi>${visible(item.evidenceNumber)}</bdi></span>
${item.sensitiveContentWarning && html`<span class="file-facts warning">${words.sensitive}</span>`}
</li>
`;
}
