/** HTML that escapes whatever is put into it, unless that is HTML of ours already. */

import { escapeHtml } from '../../domain/escape-html.ts';

const markup = Symbol('markup');

/** A piece of HTML that was made by `html`. */
export interface Html {
  readonly [markup]: string;
}

/** Nothing is shown of null, undefined and false. */
export type HtmlValue = string | number | Html | readonly HtmlValue[] | null | undefined | false;

/**
 * Makes HTML of a template. Values are escaped for text and for attributes in quotes; put them nowhere
 * else.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = strings.map((text, index) => text + rendered(values[index]));
  return { [markup]: parts.join('') };
}

/** The text of a piece of HTML, to send. */
export function renderHtml(piece: Html): string {
  return piece[markup];
}

function rendered(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (markup in value) return value[markup];
  return value.map(rendered).join('');
}
