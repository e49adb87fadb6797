import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { Words } from './words.ts';

export const WORDS: Readonly<Record<'en' | 'es' | 'fr', Words>> = { en, es, fr };
