import { formatInstant, formatNumber, formatSize } from '../../pages/format.ts';
import { WORDS } from '../words/languages.ts';
import type { Words } from '../words/words.ts';

/** How the page speaks to its reader: words, and numbers as they are written there. */
export interface Voice {
  readonly words: Words;
  readonly language: keyof typeof WORDS;
  size(bytes: number): string;
  number(value: number): string;
  percent(share: number): string;
  /** An instant in the reader's own time zone. */
  instant(at: Date): string;
}

/**
 * The voice of the page, in the language that the server chose for it.
 * @param wordsOf the uploader's words there
 */
export function voiceOf(
  lang: string,
  wordsOf: (language: Voice['language']) => Words = (language) => WORDS[language],
): Voice {
  const language = (['en', 'es', 'fr'] as const).find((known) => known === lang) ?? 'en';
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const percents = new Intl.NumberFormat(language, { style: 'percent' });
  return {
    words: wordsOf(language),
    language,
    size: (bytes) => formatSize(bytes, language),
    number: (value) => formatNumber(value, language),
    percent: (share) => percents.format(Math.floor(share * 100) / 100),
    instant: (at) => formatInstant(at, language, timeZone),
  };
}
