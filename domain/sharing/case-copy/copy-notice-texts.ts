/** The words of the mails about copies, in each language. */
import type { Language } from '../../identity/user.entity.ts';
import type { MailContent } from '../../notifications/render.ts';
import type { CopyFailureCode } from './copy-failure.ts';
import { FAILURE_REASONS } from './copy-failure-texts.ts';

/** What the mails to recipients may name. */
export interface DeliveryNotice {
  readonly name: string;
  readonly organization: string;
  readonly sender: string;
  readonly caseNumber: string;
  readonly title: string;
  readonly files: number;
  readonly message: string | null;
}

/** What the mails to the creator may name. */
export interface FailureNotice {
  readonly name: string;
  readonly partner: string;
  readonly caseNumber: string;
  readonly title: string;
  readonly code: CopyFailureCode;
}

type Texts<Notice> = Readonly<Record<Language, (notice: Notice) => MailContent>>;

/** What the sender wrote, under a heading of the reader's language. */
function quoted(heading: string, message: string | null): string[] {
  return message === null || message === '' ? [] : [heading, message];
}

export const DELIVERED: Texts<DeliveryNotice> = {
  en: ({ name, organization, sender, caseNumber, title, files, message }) => ({
    subject: `${organization} shared a copy of case ${caseNumber} with you`,
    paragraphs: [
      `Hello ${name},`,
      `${sender} of ${organization} shared a copy of case ${caseNumber}, “${title}”, with you. It is complete: ${files === 1 ? 'its file was' : `its ${files} files were`} copied and read back.`,
      'The copy belongs to your organization. You find it among your cases.',
      ...quoted('The sender wrote:', message),
    ],
  }),
  es: ({ name, organization, sender, caseNumber, title, files, message }) => ({
    subject: `${organization} ha compartido con usted una copia del caso ${caseNumber}`,
    paragraphs: [
      `Hola, ${name}:`,
      `${sender}, de ${organization}, ha compartido con usted una copia del caso ${caseNumber}, «${title}». Está completa: ${files === 1 ? 'su archivo se ha copiado y verificado' : `sus ${files} archivos se han copiado y verificado`}.`,
      'La copia pertenece a su organización. La encontrará entre sus casos.',
      ...quoted('Mensaje del remitente:', message),
    ],
  }),
  fr: ({ name, organization, sender, caseNumber, title, files, message }) => ({
    subject: `${organization} a partagé avec vous une copie de l’affaire ${caseNumber}`,
    paragraphs: [
      `Bonjour ${name},`,
      `${sender} (${organization}) a partagé avec vous une copie de l’affaire ${caseNumber}, « ${title} ». Elle est complète : ${files === 1 ? 'son fichier a été copié et relu' : `ses ${files} fichiers ont été copiés et relus`}.`,
      'La copie appartient à votre organisation. Vous la trouverez parmi vos affaires.',
      ...quoted('Message de l’expéditeur :', message),
    ],
  }),
};

export const UPDATED: Texts<DeliveryNotice> = {
  en: ({ name, organization, caseNumber, title, files }) => ({
    subject: `${organization} added evidence to your copy of case ${caseNumber}`,
    paragraphs: [
      `Hello ${name},`,
      `${organization} added ${files === 1 ? 'one file' : `${files} files`} to your organization’s copy of case ${caseNumber}, “${title}”.`,
      'What you have changed in the copy is as you left it.',
    ],
  }),
  es: ({ name, organization, caseNumber, title, files }) => ({
    subject: `${organization} ha añadido pruebas a su copia del caso ${caseNumber}`,
    paragraphs: [
      `Hola, ${name}:`,
      `${organization} ha añadido ${files === 1 ? 'un archivo' : `${files} archivos`} a la copia que su organización tiene del caso ${caseNumber}, «${title}».`,
      'Lo que usted haya cambiado en la copia sigue como estaba.',
    ],
  }),
  fr: ({ name, organization, caseNumber, title, files }) => ({
    subject: `${organization} a ajouté des preuves à votre copie de l’affaire ${caseNumber}`,
    paragraphs: [
      `Bonjour ${name},`,
      `${organization} a ajouté ${files === 1 ? 'un fichier' : `${files} fichiers`} à la copie que votre organisation possède de l’affaire ${caseNumber}, « ${title} ».`,
      'Ce que vous avez modifié dans la copie est resté tel quel.',
    ],
  }),
};

export const COPY_FAILED: Texts<FailureNotice> = {
  en: ({ name, partner, caseNumber, title, code }) => ({
    subject: `The copy of case ${caseNumber} was not delivered`,
    paragraphs: [
      `Hello ${name},`,
      `case ${caseNumber}, “${title}”, was not copied to ${partner}: ${FAILURE_REASONS.en[code]}.`,
      `${partner} has seen nothing of it, and nothing was left behind.`,
    ],
  }),
  es: ({ name, partner, caseNumber, title, code }) => ({
    subject: `La copia del caso ${caseNumber} no se ha entregado`,
    paragraphs: [
      `Hola, ${name}:`,
      `el caso ${caseNumber}, «${title}», no se ha copiado a ${partner}: ${FAILURE_REASONS.es[code]}.`,
      `${partner} no ha visto nada de él y no ha quedado ningún resto.`,
    ],
  }),
  fr: ({ name, partner, caseNumber, title, code }) => ({
    subject: `La copie de l’affaire ${caseNumber} n’a pas été remise`,
    paragraphs: [
      `Bonjour ${name},`,
      `l’affaire ${caseNumber}, « ${title} », n’a pas été copiée vers ${partner} : ${FAILURE_REASONS.fr[code]}.`,
      `${partner} n’en a rien vu, et il n’en reste rien.`,
    ],
  }),
};

export const UPDATE_FAILED: Texts<FailureNotice> = {
  en: ({ name, partner, caseNumber, title, code }) => ({
    subject: `The copy of case ${caseNumber} was not updated`,
    paragraphs: [
      `Hello ${name},`,
      `the copy of case ${caseNumber}, “${title}”, that ${partner} has was not updated: ${FAILURE_REASONS.en[code]}.`,
      'The copy is as it was before.',
    ],
  }),
  es: ({ name, partner, caseNumber, title, code }) => ({
    subject: `La copia del caso ${caseNumber} no se ha actualizado`,
    paragraphs: [
      `Hola, ${name}:`,
      `la copia del caso ${caseNumber}, «${title}», que tiene ${partner} no se ha actualizado: ${FAILURE_REASONS.es[code]}.`,
      'La copia sigue como estaba.',
    ],
  }),
  fr: ({ name, partner, caseNumber, title, code }) => ({
    subject: `La copie de l’affaire ${caseNumber} n’a pas été mise à jour`,
    paragraphs: [
      `Bonjour ${name},`,
      `la copie de l’affaire ${caseNumber}, « ${title} », dont dispose ${partner} n’a pas été mise à jour : ${FAILURE_REASONS.fr[code]}.`,
      'La copie est restée telle qu’elle était.',
    ],
  }),
};
