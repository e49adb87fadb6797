import type { Language } from '../../../domain/identity/user.entity.ts';
import { html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';

/**
 * What a link shows before it is opened: that somebody shares something, and nothing of what or who.
 * The form has no address, so that it goes back to the page's own and the token stands nowhere in it.
 */
export function landingPage(
  language: Language,
  { passphrase }: { readonly passphrase: 'none' | 'needed' | 'wrong' },
): PageContent {
  const { landing } = MESSAGES[language];
  const isWrong = passphrase === 'wrong';
  const field =
    passphrase !== 'none' &&
    html`<label for="passphrase">${landing.passphrase}</label>
<p class="quiet" id="passphrase-hint">${landing.passphraseHint}</p>
${isWrong && html`<p class="alarm" id="passphrase-wrong" role="alert">${landing.passphraseWrong}</p>`}
<input id="passphrase" name="passphrase" type="password" required maxlength="1024" autocomplete="off"${isWrong && html` aria-invalid="true" autofocus`} aria-describedby="${isWrong ? 'passphrase-wrong ' : ''}passphrase-hint">`;
  return {
    title: landing.title,
    narrow: true,
    body: html`<section class="card">
<h1>${landing.title}</h1>
<p>${landing.text}</p>
<form method="post">
${field}
<p><button class="button" type="submit">${landing.open}</button></p>
</form>
<p class="quiet">${landing.note}</p>
</section>`,
  };
}
