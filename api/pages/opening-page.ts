import { html } from './html.ts';
import type { PageContent } from './page.ts';

/**
 * What a link shows before it is opened: a title, a sentence, and the button that opens it. The form has no
 * address, so that it goes back to the page's own and the token stands nowhere in it.
 */
export function openingPage(words: {
  readonly title: string;
  readonly text: string;
  readonly open: string;
  readonly note?: string;
}): PageContent {
  return {
    title: words.title,
    narrow: true,
    body: html`<section class="card">
<h1>${words.title}</h1>
<p>${words.text}</p>
<form method="post">
<p><button class="button" type="submit">${words.open}</button></p>
</form>
${words.note !== undefined && html`<p class="quiet">${words.note}</p>`}
</section>`,
  };
}
