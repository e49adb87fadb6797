import { headerLine } from '../../platform/header-line.ts';
import { escapeHtml } from '../escape-html.ts';
import type { Language } from '../identity/user.entity.ts';

/** A mail's content: the same words as text and as HTML. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a template gives: paragraphs of plain text, for one reader in one language. */
export interface MailContent {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** A link below them. */
  readonly action?: { readonly label: string; readonly address: string };
}

/** Renders a mail once; what is stored is what is sent, however often. */
export function renderMail(language: Language, content: MailContent): RenderedMail {
  const paragraphs = content.paragraphs.map(
    (paragraph) => `    <p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`,
  );
  return {
    subject: headerLine(content.subject),
    text: `${[...content.paragraphs, ...actionText(content)].join('\n\n')}\n`,
    html: [
      '<!doctype html>',
      `<html lang="${language}">`,
      '  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>',
      '  <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40em">',
      ...paragraphs,
      ...actionHtml(content),
      '  </body>',
      '</html>',
      '',
    ].join('\n'),
  };
}

function actionText({ action }: MailContent): string[] {
  return action === undefined ? [] : [`${action.label}: ${action.address}`];
}

function actionHtml({ action }: MailContent): string[] {
  if (action === undefined) return [];
  const style =
    'display: inline-block; padding: .6em 1.2em; background: #12305c; color: #fff; border-radius: .4em';
  return [
    `    <p><a href="${escapeHtml(action.address)}" style="${style}">${escapeHtml(action.label)}</a></p>`,
    `    <p style="overflow-wrap: anywhere">${escapeHtml(action.address)}</p>`,
  ];
}

/** An instant for a reader: in the organization's time zone, with the zone's name. */
export function formatInstant(instant: Date, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'full',
    timeStyle: 'long',
    timeZone,
  }).format(instant);
}
