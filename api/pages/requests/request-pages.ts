/** The pages before a request is opened, and the page of an opened one. */
import type { z } from 'zod';
import type { Language } from '../../../domain/identity/user.entity.ts';
import { fieldName } from '../../../domain/requests/request-texts.ts';
import type { requestFacts } from '../../guest/schema.ts';
import { formatInstant } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import { openingPage } from '../opening-page.ts';
import type { PageContent } from '../page.ts';
import { uploaderHead, uploaderSection } from '../uploader-section.ts';

type Facts = z.input<typeof requestFacts>;

/** What a request's link shows before it is opened: who asks, and nothing of what for. */
export function requestLandingPage(language: Language, organization: string): PageContent {
  const { landing } = MESSAGES[language].requests;
  return openingPage({ ...landing, title: landing.title(organization) });
}

/** The same for a link to an activity log. */
export function logLandingPage(language: Language, organization: string): PageContent {
  const { logLanding } = MESSAGES[language].requests;
  return openingPage({ ...logLanding, text: logLanding.text(organization) });
}

/** The answer to whoever asks for a mail: it says nothing of whether there is one. */
export function askedPage(language: Language): PageContent {
  const { title, text } = MESSAGES[language].requests.asked;
  return {
    title,
    narrow: true,
    body: html`<section class="card"><h1>${title}</h1><p>${text}</p></section>`,
  };
}

/** An opened request: what is asked for, by whom and until when. */
export function requestPage(language: Language, facts: Facts): PageContent {
  const words = MESSAGES[language].requests.page;
  const heading = words.heading(facts.organization.name);
  const log = `/requests/${facts.id}/activity-log`;
  return {
    title: heading,
    head: uploaderHead(),
    body: html`<section class="card">
<h1>${heading}</h1>
<dl class="facts">
<div><dt>${words.sender}</dt><dd><bdi>${facts.sender.name}</bdi></dd></div>
${facts.fields.map(({ field, value }) => html`<div><dt>${fieldName(language, field)}</dt><dd><bdi>${value}</bdi></dd></div>`)}
<div><dt>${words.until}</dt><dd><time datetime="${facts.expiresAt}">${formatInstant(new Date(facts.expiresAt), language, facts.organization.timeZone)}</time></dd></div>
</dl>
${
  facts.note !== null &&
  html`<h2>${words.note}</h2>
<p class="note">${lines(facts.note)}</p>`
}
${facts.state === 'expired' && html`<p class="alarm" id="request-expired" role="status">${words.expired}</p>`}
</section>
${uploaderSection(language, { calls: `/guest/v1/requests/${facts.id}`, log })}
<details class="card types">
<summary>${words.types}</summary>
<p class="quiet">${facts.supportedExtensions.map((extension) => `.${extension}`).join(', ')}</p>
</details>
<p><a href="${log}">${words.log}</a></p>`,
  };
}

/** Text with its line breaks. */
function lines(text: string): readonly Html[] {
  return text.split('\n').map((line, index) => html`${index > 0 && html`<br>`}${line}`);
}
