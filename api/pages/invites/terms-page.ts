import type { Language } from '../../../domain/identity/user.entity.ts';
import { html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { inviteHead } from './invite-head.ts';

/** Terms and conditions, which come before everything else: accepting them leads to this address with their version. */
export function termsPage(
  language: Language,
  organization: string,
  terms: { readonly language: Language; readonly text: string; readonly version: string },
): PageContent {
  const words = MESSAGES[language].invites.terms;
  return {
    title: words.title,
    head: inviteHead(),
    narrow: true,
    body: html`<section class="card">
<h1>${words.title}</h1>
<p>${words.text(organization)}</p>
<div class="terms words" lang="${terms.language}" tabindex="0">${terms.text}</div>
<form method="get">
<input type="hidden" name="terms" value="${terms.version}">
<p><button class="button" type="submit">${words.accept}</button></p>
</form>
<p class="quiet">${words.note}</p>
</section>`,
  };
}
