import type { Language } from '../../domain/identity/user.entity.ts';
import { ICON, STYLE_SHEET } from './assets.ts';
import { type Html, html, renderHtml } from './html.ts';
import { MESSAGES } from './messages/messages.ts';

/** What a page puts into the frame that all pages share. */
export interface PageContent {
  readonly title: string;
  readonly body: Html;
  /** One column for little text. */
  readonly narrow?: boolean;
  /** What else it loads of ours; it says what it can without. */
  readonly head?: Html;
}

/** A whole page. Nothing in it is loaded from elsewhere, and it works without scripts as far as it can. */
export function renderPage(language: Language, { title, body, narrow, head }: PageContent): string {
  const { product } = MESSAGES[language];
  const width = narrow ? 'narrow' : '';
  return renderHtml(html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title} – ${product}</title>
<link rel="icon" href="${ICON.path}" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE_SHEET.path}">
${head}
</head>
<body>
<header class="brand ${width}"><img src="${ICON.path}" alt="" width="26" height="26">${product}</header>
<main class="${width}">
${body}
</main>
</body>
</html>
`);
}
