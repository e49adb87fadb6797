/** The words of the mails about download links, in each language. */
import type { Language } from '../../identity/user.entity.ts';
import type { MailContent } from '../../notifications/render.ts';

/** What the mails may name. No link is among it: these mails go to the share's creator. */
export interface ShareNotice {
  readonly name: string;
  readonly caseNumber: string;
  readonly title: string;
  /** An instant, ready to be read. */
  readonly when: string;
}

type Texts = Readonly<Record<Language, (notice: ShareNotice) => MailContent>>;

export const EXPIRING: Texts = {
  en: ({ name, caseNumber, title, when }) => ({
    subject: `The download link of case ${caseNumber} expires soon`,
    paragraphs: [
      `Hello ${name},`,
      `the download link that you made for case ${caseNumber}, “${title}”, expires on ${when}.`,
      'If it is still needed, give it more days before then. An expired link cannot be revived; a new one can be made from it.',
    ],
  }),
  es: ({ name, caseNumber, title, when }) => ({
    subject: `El enlace de descarga del caso ${caseNumber} caduca pronto`,
    paragraphs: [
      `Hola, ${name}:`,
      `el enlace de descarga que creó para el caso ${caseNumber}, «${title}», caduca el ${when}.`,
      'Si todavía hace falta, amplíe antes su duración. Un enlace caducado no se puede reactivar; a partir de él se puede crear uno nuevo.',
    ],
  }),
  fr: ({ name, caseNumber, title, when }) => ({
    subject: `Le lien de téléchargement de l’affaire ${caseNumber} expire bientôt`,
    paragraphs: [
      `Bonjour ${name},`,
      `le lien de téléchargement que vous avez créé pour l’affaire ${caseNumber}, « ${title} », expire le ${when}.`,
      'S’il est encore nécessaire, prolongez-le avant cette date. Un lien expiré ne peut pas être réactivé ; il permet d’en créer un nouveau.',
    ],
  }),
};

export const FAILED: Texts = {
  en: ({ name, caseNumber, title }) => ({
    subject: `The download link of case ${caseNumber} could not be made`,
    paragraphs: [
      `Hello ${name},`,
      `the download link for case ${caseNumber}, “${title}”, could not be made: a file of the case could not be verified after its upload.`,
      'Nobody can open the link. Upload the file again, then share the case again.',
    ],
  }),
  es: ({ name, caseNumber, title }) => ({
    subject: `No se pudo crear el enlace de descarga del caso ${caseNumber}`,
    paragraphs: [
      `Hola, ${name}:`,
      `no se pudo crear el enlace de descarga del caso ${caseNumber}, «${title}»: un archivo del caso no se pudo verificar después de subirlo.`,
      'Nadie puede abrir el enlace. Suba de nuevo el archivo y vuelva a compartir el caso.',
    ],
  }),
  fr: ({ name, caseNumber, title }) => ({
    subject: `Le lien de téléchargement de l’affaire ${caseNumber} n’a pas pu être créé`,
    paragraphs: [
      `Bonjour ${name},`,
      `le lien de téléchargement de l’affaire ${caseNumber}, « ${title} », n’a pas pu être créé : un fichier de l’affaire n’a pas pu être vérifié après son envoi.`,
      'Personne ne peut ouvrir ce lien. Envoyez de nouveau le fichier, puis partagez de nouveau l’affaire.',
    ],
  }),
};

export const FIRST_DOWNLOAD: Texts = {
  en: ({ name, caseNumber, title, when }) => ({
    subject: `Case ${caseNumber} was downloaded`,
    paragraphs: [
      `Hello ${name},`,
      `the package of case ${caseNumber}, “${title}”, was downloaded completely for the first time on ${when}.`,
      'You asked to be told. Further downloads are listed in the activity of the share.',
    ],
  }),
  es: ({ name, caseNumber, title, when }) => ({
    subject: `Se descargó el caso ${caseNumber}`,
    paragraphs: [
      `Hola, ${name}:`,
      `el paquete del caso ${caseNumber}, «${title}», se descargó por completo por primera vez el ${when}.`,
      'Usted pidió que se le avisara. Las demás descargas figuran en la actividad de lo compartido.',
    ],
  }),
  fr: ({ name, caseNumber, title, when }) => ({
    subject: `L’affaire ${caseNumber} a été téléchargée`,
    paragraphs: [
      `Bonjour ${name},`,
      `l’archive de l’affaire ${caseNumber}, « ${title} », a été entièrement téléchargée pour la première fois le ${when}.`,
      'Vous avez demandé à en être informé. Les téléchargements suivants figurent dans l’activité du partage.',
    ],
  }),
};
