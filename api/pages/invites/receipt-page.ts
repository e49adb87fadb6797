import type { Language } from '../../../domain/identity/user.entity.ts';
import type { Receipt, ReceivedFile } from '../../../domain/portals/submissions/receipt.ts';
import { formatBytes, formatInstant, formatNumber, formatSize } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { visible } from '../visible.ts';
import { inviteHead } from './invite-head.ts';

/** What was handed in, for whoever did: names, sizes and hashes, to be kept and printed. */
export function receiptPage(
  language: Language,
  organization: { readonly name: string; readonly timeZone: string },
  { id, submittedAt, files }: Receipt,
): PageContent {
  const words = MESSAGES[language].invites.receipt;
  return {
    title: words.title,
    head: inviteHead(),
    body: html`<section class="card receipt">
<h1><span class="tick" aria-hidden="true">✓</span>${words.title}</h1>
<p>${words.text(organization.name)}</p>
<dl class="facts">
<div><dt>${words.to}</dt><dd><bdi>${organization.name}</bdi></dd></div>
<div><dt>${words.at}</dt><dd><time datetime="${submittedAt.toISOString()}">${formatInstant(submittedAt, language, organization.timeZone)}</time></dd></div>
<div><dt>${words.number}</dt><dd class="reference">${id}</dd></div>
</dl>
<p class="keep">${words.print}</p>
<h2>${words.files(formatNumber(files.length, language), files.length === 1)}</h2>
<ol class="files">
${files.map((file) => fileItem(language, file))}
</ol>
<p class="quiet">${words.sha256Note}</p>
</section>`,
  };
}

function fileItem(language: Language, { name, size, sha256, caption }: ReceivedFile): Html {
  const words = MESSAGES[language].invites.receipt;
  return html`<li>
<bdi class="file-name">${visible(name)}</bdi>
<span class="file-facts">${formatSize(size, language)}${size >= 1000 && html` <span class="exact">(${formatBytes(size, language)})</span>`}</span>
${caption !== null && caption !== '' && html`<span class="file-caption"><span class="visually-hidden">${words.caption}: </span>${visible(caption)}</span>`}
<span class="hash">${words.sha256}: ${sha256}</span>
</li>
`;
}
