import type { Language } from '../../domain/identity/user.entity.ts';
import { formatBytes, formatSize } from './format.ts';
import { type Html, html } from './html.ts';

/** A size in words, and to the byte where the words round it. */
export function exactSize(language: Language, bytes: number): Html {
  const exact =
    bytes >= 1000 && html` <span class="exact">(${formatBytes(bytes, language)})</span>`;
  return html`${formatSize(bytes, language)}${exact}`;
}
