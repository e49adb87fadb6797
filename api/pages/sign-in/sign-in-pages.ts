/** The pages on the way to partner access: they show nothing of the case. */

import type { SignInAttempt } from '../../../domain/identity/sign-in-attempt.ts';
import type { Language } from '../../../domain/identity/user.entity.ts';
import type { ShareId } from '../../../domain/ids.ts';
import type { Offer } from '../answers.ts';
import { html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import { openingPage } from '../opening-page.ts';
import type { PageContent } from '../page.ts';

/** What a link shows before somebody signs in. The form goes to the page's own address. */
export function arrivalPage(language: Language): PageContent {
  const { arrival } = MESSAGES[language].access;
  return openingPage({ ...arrival, open: arrival.signIn });
}

/** Asks for one's address. */
export function addressPage(
  language: Language,
  asked: {
    readonly to: ShareId | null;
    /** What was entered and is no address; null before. */
    readonly amiss: string | null;
  },
): PageContent {
  const words = MESSAGES[language].access.address;
  const isAmiss = asked.amiss !== null;
  const alarm = isAmiss && html`<p class="alarm" id="email-amiss" role="alert">${words.amiss}</p>`;
  return {
    title: words.title,
    narrow: true,
    body: html`<section class="card">
<h1>${words.title}</h1>
<p id="email-hint">${words.text}</p>
<form method="post" action="/sign-in">
<label for="email">${words.label}</label>
${alarm}
<input id="email" name="email" type="email" required autocomplete="email" maxlength="254"${isAmiss && html` value="${asked.amiss}" aria-invalid="true"`} autofocus aria-describedby="${isAmiss ? 'email-amiss ' : ''}email-hint">
${asked.to !== null && html`<input type="hidden" name="to" value="${asked.to}">`}
<p><button class="button" type="submit">${words.submit}</button></p>
</form>
<p class="quiet">${MESSAGES[language].access.arrival.note}</p>
</section>`,
  };
}

/** Asks for the code that was mailed, if it was: whoever gave an address is not told whether it is known. */
export function codePage(
  language: Language,
  { begunBy, returnTo }: Pick<SignInAttempt, 'begunBy' | 'returnTo'>,
  entered: 'none' | 'wrong' | 'over',
): PageContent {
  const words = MESSAGES[language].access.code;
  const isAmiss = entered !== 'none';
  const alarm =
    isAmiss && html`<p class="alarm" id="code-amiss" role="alert">${words[entered]}</p>`;
  const byAddress = begunBy === 'address';
  return {
    title: words.title,
    narrow: true,
    body: html`<section class="card">
<h1>${words.title}</h1>
<p id="code-hint">${byAddress ? words.textIfKnown : words.text}</p>
<form method="post" action="/sign-in/code">
<label for="code">${words.label}</label>
${alarm}
<input id="code" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="20"${isAmiss && html` aria-invalid="true"`} autofocus aria-describedby="${isAmiss ? 'code-amiss ' : ''}code-hint">
<p><button class="button" type="submit">${words.submit}</button></p>
</form>
<p class="quiet">${byAddress ? words.noteIfKnown : words.note}</p>
<form method="post" action="/sign-in/again"><button class="button second" type="submit">${words.again}</button></form>
${byAddress && html`<p class="back"><a href="${signInPath(returnTo)}">${words.otherAddress}</a></p>`}
</section>`,
  };
}

/** Leads to the issuer: by a link, which says where it leads, and not by a redirect. */
export function issuerPage(language: Language, address: string): PageContent {
  const words = MESSAGES[language].access.issuer;
  return {
    title: words.title,
    narrow: true,
    body: html`<section class="card">
<h1>${words.title}</h1>
<p>${words.text(new URL(address).host)}</p>
<p><a class="button" href="${address}">${words.go}</a></p>
</section>`,
  };
}

export function signedOutPage(language: Language): PageContent {
  const words = MESSAGES[language].access.signedOut;
  return {
    title: words.title,
    narrow: true,
    body: html`<section class="card"><h1>${words.title}</h1><p>${words.text}</p>${signInOffer(null)(language)}</section>`,
  };
}

/** A way to sign in that comes back to a share, or to the list of all. */
export function signInOffer(to: ShareId | null): Offer {
  return (language) =>
    html`<p><a class="button" href="${signInPath(to)}">${MESSAGES[language].access.address.title}</a></p>`;
}

function signInPath(to: ShareId | null): string {
  return to === null ? '/sign-in' : `/sign-in?to=${to}`;
}

/** The way to everything else that somebody who is signed in is given. */
export const listOffer: Offer = (language) =>
  html`<p class="back"><a href="/access">${MESSAGES[language].access.list.all}</a></p>`;
