/** The page before an invite is opened, and the page of an opened one. */
import type { z } from 'zod';
import type { Language } from '../../../domain/identity/user.entity.ts';
import type { inviteFacts } from '../../guest/invite-schema.ts';
import { INVITE_WORDS } from '../../web/words/invite-words.ts';
import { formatInstant, formatNumber, formatSize } from '../format.ts';
import { html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import { openingPage } from '../opening-page.ts';
import type { PageContent } from '../page.ts';
import { uploaderHead, uploaderSection } from '../uploader-section.ts';
import { INVITE_UPLOADER } from '../web-modules.ts';
import { contactInput } from './contact-inputs.ts';
import { inviteHead } from './invite-head.ts';

type Facts = z.input<typeof inviteFacts>;

/** What may be handed in, told before anything is chosen. */
function limitsText(language: Language, limits: Facts['limits']): string {
  return MESSAGES[language].invites.page.most(
    formatNumber(limits.files, language),
    formatSize(limits.fileSize, language),
    formatSize(limits.total, language),
  );
}

/** What an invite's link shows before it is opened: who asks, and nothing of what for. */
export function inviteLandingPage(language: Language, organization: string): PageContent {
  const { landing } = MESSAGES[language].invites;
  return openingPage({ ...landing, title: landing.title(organization) });
}

/** An opened invite: what is collected, about whom, the files, and handing them in. */
export function invitePage(language: Language, facts: Facts): PageContent {
  const words = MESSAGES[language].invites;
  const calls = `/guest/v1/invites/${facts.id}`;
  const heading = words.page.heading(facts.organization.name);
  const { title, description, reportId } = facts.portal;
  const asked = facts.contact.filter(({ known }) => !known);
  return {
    title: heading,
    head: html`${uploaderHead(INVITE_UPLOADER)}${inviteHead()}`,
    body: html`<section class="card">
<h1>${heading}</h1>
${title !== null && html`<h2>${title}</h2>`}
${description !== null && html`<p class="words">${description}</p>`}
<dl class="facts">
${reportId !== null && html`<div><dt>${words.page.reference}</dt><dd><bdi>${reportId}</bdi></dd></div>`}
<div><dt>${words.page.until}</dt><dd><time datetime="${facts.expiresAt}">${formatInstant(new Date(facts.expiresAt), language, facts.organization.timeZone)}</time></dd></div>
</dl>
<p>${words.page.steps}</p>
<p class="limits">${limitsText(language, facts.limits)}</p>
${facts.state === 'expired' && html`<p class="alarm" id="request-expired" role="status">${words.page.expired}</p>`}
</section>
${
  asked.length > 0 &&
  html`<form class="card" id="contact" novalidate>
<h2>${words.contact.title}</h2>
${asked.map((field) => contactInput(language, field))}
${asked.length < facts.contact.length && html`<p class="quiet">${words.contact.known}</p>`}
</form>`
}
${uploaderSection(language, { calls, log: null })}
<details class="card types">
<summary>${words.page.types}</summary>
<p class="quiet">${facts.supportedExtensions.map((extension) => `.${extension}`).join(', ')}</p>
</details>
<section class="card hand-in" id="hand-in" data-calls="${calls}"${facts.terms != null && html` data-terms="${facts.terms.version}"`}>
<h2 id="hand-in-title" tabindex="-1">${INVITE_WORDS[language].title}</h2>
<noscript><p class="alarm">${words.handIn.needsScript}</p></noscript>
</section>`,
  };
}
