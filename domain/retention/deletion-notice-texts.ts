/** The words of the weekly mail about deletions, in each language. */
import type { Language } from '../identity/user.entity.ts';
import type { MailContent } from '../notifications/render.ts';

/** What the mail names: counts, and nothing of the evidence itself. */
export interface DeletionCounts {
  readonly name: string;
  readonly organization: string;
  /** Pieces of evidence that wait to be destroyed. */
  readonly queued: number;
  /** When the first of them is destroyed, for the reader; null where none waits. */
  readonly nextDestruction: string | null;
  /** Destroyed since the last of these mails. */
  readonly destroyed: number;
  /** Queued in the next 7 days, as things are. */
  readonly coming: number;
}

export const DELETIONS: Readonly<Record<Language, (counts: DeletionCounts) => MailContent>> = {
  en: ({ name, organization, queued, nextDestruction, destroyed, coming }) => ({
    subject: `Deletion of evidence at ${organization}: what is coming`,
    paragraphs: [
      `Hello ${name},`,
      [
        `Queued for deletion now: ${queued}`,
        `To be queued in the next 7 days: ${coming}`,
        `Destroyed since the last of these mails: ${destroyed}`,
      ].join('\n'),
      ...(nextDestruction === null
        ? []
        : [
            `What is queued can be restored for 7 days. The first of it is destroyed on ${nextDestruction}.`,
          ]),
      'Evidence that must stay can be put on hold. Filter evidence by its state or by the day on which it is queued to see which it is.',
    ],
  }),
  es: ({ name, organization, queued, nextDestruction, destroyed, coming }) => ({
    subject: `Eliminación de pruebas en ${organization}: lo que viene`,
    paragraphs: [
      `Hola, ${name}:`,
      [
        `En cola de eliminación ahora: ${queued}`,
        `Entrarán en la cola en los próximos 7 días: ${coming}`,
        `Destruidas desde el último de estos correos: ${destroyed}`,
      ].join('\n'),
      ...(nextDestruction === null
        ? []
        : [
            `Lo que está en la cola se puede restaurar durante 7 días. La primera se destruye el ${nextDestruction}.`,
          ]),
      'Las pruebas que deban conservarse se pueden retener. Filtre las pruebas por su estado o por el día en que entran en la cola para ver cuáles son.',
    ],
  }),
  fr: ({ name, organization, queued, nextDestruction, destroyed, coming }) => ({
    subject: `Suppression de preuves chez ${organization} : ce qui est prévu`,
    paragraphs: [
      `Bonjour ${name},`,
      [
        `En attente de suppression : ${queued}`,
        `Mises en attente dans les 7 prochains jours : ${coming}`,
        `Détruites depuis le dernier de ces messages : ${destroyed}`,
      ].join('\n'),
      ...(nextDestruction === null
        ? []
        : [
            `Ce qui est en attente peut être restauré pendant 7 jours. La première destruction a lieu le ${nextDestruction}.`,
          ]),
      'Les preuves à conserver peuvent faire l’objet d’une mesure de conservation. Filtrez les preuves par état ou par jour de mise en attente pour les voir.',
    ],
  }),
};
