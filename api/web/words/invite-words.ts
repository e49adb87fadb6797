import { inviteEn, inviteUploaderEn } from './invite-en.ts';
import { inviteEs, inviteUploaderEs } from './invite-es.ts';
import { inviteFr, inviteUploaderFr } from './invite-fr.ts';
import { WORDS } from './languages.ts';
import type { Worded, Words } from './words.ts';

/** What the page of an invite says besides the uploader, in one language. */
export type InviteWords = Worded<typeof inviteEn>;
/** What the uploader says otherwise there. */
export type InviteUploaderWords = Worded<typeof inviteUploaderEn>;

type Language = keyof typeof WORDS;

export const INVITE_WORDS: Readonly<Record<Language, InviteWords>> = {
  en: inviteEn,
  es: inviteEs,
  fr: inviteFr,
};

const OTHERWISE: Readonly<Record<Language, InviteUploaderWords>> = {
  en: inviteUploaderEn,
  es: inviteUploaderEs,
  fr: inviteUploaderFr,
};

/** The uploader's words on the page of an invite: nothing there is a request, and there is no log. */
export function inviteUploaderWords(language: Language): Words {
  const words = WORDS[language];
  const { results, failures, shut, expiredNote } = OTHERWISE[language];
  return {
    ...words,
    results: { ...words.results, ...results },
    failures: { ...words.failures, ...failures },
    shut: { ...words.shut, ...shut },
    expiredNote,
  };
}
