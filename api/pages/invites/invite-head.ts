import { INVITE_STYLE_SHEET } from '../assets.ts';
import { type Html, html } from '../html.ts';

/** What the pages of community requests load besides what all pages do. */
export function inviteHead(): Html {
  return html`<link rel="stylesheet" href="${INVITE_STYLE_SHEET.path}">`;
}
