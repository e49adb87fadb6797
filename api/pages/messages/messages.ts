import type { Context } from 'koa';
import { LANGUAGES, type Language } from '../../../domain/identity/user.entity.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

type Worded<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Key in keyof T]: Worded<T[Key]> };

/** Everything that the pages say in one language. */
export type Messages = Worded<typeof en>;

/** A page that says one thing: why something is not there, and what to do. */
export type NoticeName = keyof Messages['notices'];

export const MESSAGES: Readonly<Record<Language, Messages>> = { en, es, fr };

/** The language that a reader's browser asks for; English where it asks for none of ours. */
export function languageOf(ctx: Context): Language {
  const accepted = ctx.acceptsLanguages(...LANGUAGES);
  return LANGUAGES.find((language) => language === accepted) ?? 'en';
}
