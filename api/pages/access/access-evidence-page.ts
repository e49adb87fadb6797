/** The page of a piece of evidence that a partner gives access to: preview, details, download. */
import type { Language } from '../../../domain/identity/user.entity.ts';
import type { ReceivedEvidence, ReceivedShare } from '../../routes/shared-with-me/presenter.ts';
import { exactSize } from '../exact-size.ts';
import { formatInstant } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES, type Messages } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { visible } from '../visible.ts';
import { type PageReader, readerBar } from './access-page.ts';
import { watermarked, watermarkParts } from './watermark.ts';

/** What the page of a piece of evidence shows. */
export interface AccessEvidencePage {
  readonly share: ReceivedShare;
  readonly evidence: ReceivedEvidence;
  readonly reader: PageReader;
  /** Whether the reader accepted to see it, should it be sensitive. */
  readonly accepted: boolean;
}

type Words = Messages['access']['page'];

/** One piece of evidence. */
export function accessEvidencePage(language: Language, page: AccessEvidencePage): PageContent {
  const words = MESSAGES[language].access.page;
  const { share, evidence } = page;
  const path = `/access/${share.id}/evidence/${evidence.id}`;
  return {
    title: visible(evidence.title),
    body: html`${readerBar(words, page.reader)}
<nav class="back"><a href="/access/${share.id}">${words.back}</a></nav>
<section class="card">
<p class="eyebrow">${words.heading(visible(share.case.caseNumber))}</p>
<h1><bdi>${visible(evidence.title)}</bdi></h1>
${preview(words, page, path)}
${evidence.mayDownload ? html`<p><a class="button" href="${path}/content">${words.download}</a></p>` : html`<p class="quiet">${words.viewOnly}</p>`}
</section>
<section class="card">
<h2>${words.details}</h2>
${evidence.description !== null && html`<p class="words">${evidence.description}</p>`}
${details(language, words, page)}
</section>`,
  };
}

function preview(words: Words, { evidence, accepted }: AccessEvidencePage, path: string): Html {
  if (evidence.preview === null) return html`<p class="quiet">${words.noPreview}</p>`;
  if (evidence.sensitiveContentWarning && !accepted) {
    return html`<div class="alarm" id="preview"><h2>${words.sensitive}</h2>
<p>${words.sensitiveText}</p>
<form method="post" action="${path}/accept"><button class="button" type="submit">${words.show}</button></form></div>`;
  }
  const address = `${path}/preview`;
  const title = visible(evidence.title);
  switch (evidence.preview) {
    case 'image':
      return html`<p id="preview"><img class="preview" src="${address}" alt="${title}"></p>`;
    case 'video':
      return html`<div id="preview">${watermarked(
        watermarkParts(evidence.watermark),
        { track: `${path}/watermark.vtt`, name: words.watermark },
        (inside) =>
          html`<video class="preview" src="${address}" controls playsinline preload="metadata" aria-label="${title}">${inside}${words.previewFallback}</video>`,
      )}</div>`;
    case 'audio':
      return html`<p id="preview"><audio class="preview" src="${address}" controls preload="metadata" aria-label="${title}">${words.previewFallback}</audio></p>`;
    default:
      return evidence.preview satisfies never;
  }
}

function details(language: Language, words: Words, { evidence, reader }: AccessEvidencePage): Html {
  const { fields } = words;
  const instant = (at: string | null) =>
    at === null
      ? null
      : html`<time datetime="${at}">${formatInstant(new Date(at), language, reader.timeZone)}</time>`;
  const { location, fleet } = evidence;
  const rows: readonly (readonly [string, string | Html | null])[] = [
    [fields.evidenceNumber, evidence.evidenceNumber],
    [fields.fileName, evidence.file.name],
    [fields.contentType, evidence.file.contentType],
    [fields.size, exactSize(language, evidence.file.size)],
    [fields.sha256, html`<span class="hash">${evidence.file.sha256}</span>`],
    [fields.recordedAt, instant(evidence.recordedAt)],
    [fields.uploadedAt, instant(evidence.uploadedAt)],
    [fields.uploadedBy, evidence.uploadedBy.name],
    [fields.evidenceGroup, evidence.evidenceGroup],
    [fields.categories, evidence.categories.join(', ') || null],
    [fields.tags, evidence.tags.join(', ') || null],
    ...Object.entries(evidence.customMetadata),
    [fields.model, evidence.source.model],
    [fields.serialNumber, evidence.source.serialNumber],
    [
      fields.location,
      location === null
        ? null
        : [location.address, `${location.latitude}, ${location.longitude}`]
            .filter((part) => part !== null)
            .join(' · '),
    ],
    [fields.vehicle, fleet?.vehicleId ?? null],
  ];
  return html`<dl class="facts">${rows.map(
    ([name, value]) =>
      value !== null &&
      html`<div><dt>${visible(name)}</dt><dd><bdi>${typeof value === 'string' ? visible(value) : value}</bdi></dd></div>
`,
  )}</dl>`;
}
