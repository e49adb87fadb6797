import type { Context } from 'koa';
import type { Language } from '../../domain/identity/user.entity.ts';
import type { Config } from '../../platform/config.ts';
import { WORDS } from '../web/words/languages.ts';
import { UPLOADER_STYLE_SHEET } from './assets.ts';
import { type Html, html } from './html.ts';
import { UPLOADER, type WebModules } from './web-modules.ts';

/** What the page of the uploader loads: all modules at once, and not one when another asks for it. */
export function uploaderHead({ entry, addresses }: WebModules = UPLOADER): Html {
  const links = addresses.map(
    (address) => html`<link rel="modulepreload" href="${address}">
`,
  );
  return html`<link rel="stylesheet" href="${UPLOADER_STYLE_SHEET.path}">
<script type="module" src="${entry}"></script>
${links}`;
}

/**
 * Where the uploader shows itself; without scripts it says why it does not.
 * @param at.calls the address below which its calls are
 * @param at.log the address of the activity log; null where there is none to read
 */
export function uploaderSection(
  language: Language,
  at: { readonly calls: string; readonly log: string | null },
): Html {
  const words = WORDS[language];
  const log = at.log !== null && html` data-log="${at.log}"`;
  return html`<section class="card uploader" id="uploader" data-calls="${at.calls}"${log}>
<h2 id="uploader-title" tabindex="-1">${words.title}</h2>
<noscript><p class="alarm">${words.needsScript}</p></noscript>
</section>`;
}

/** Lets the page that is answered send parts to the object store, which is another origin. */
export function allowStore(
  ctx: Context,
  config: Pick<Config, 'S3_ENDPOINT' | 'S3_PUBLIC_ENDPOINT'>,
): void {
  const store = config.S3_PUBLIC_ENDPOINT ?? config.S3_ENDPOINT;
  const policy = ctx.response.get('Content-Security-Policy');
  ctx.set(
    'Content-Security-Policy',
    policy.replace("connect-src 'self'", `connect-src 'self' ${store}`),
  );
}
