/** The words of the mail about a link whose stored files are damaged, in each language. */
import type { Language } from '../../identity/user.entity.ts';
import type { MailContent } from '../../notifications/render.ts';
import type { ShareNotice } from './link-notice-texts.ts';

/** The file that a download broke off at. */
export interface DamagedFile {
  /** In the certificate's list. */
  readonly number: number;
  readonly path: string;
}

type Texts = Readonly<Record<Language, (notice: ShareNotice, file: DamagedFile) => MailContent>>;

export const DAMAGED: Texts = {
  en: ({ name, caseNumber, title, when }, { number, path }) => ({
    subject: `A file shared from case ${caseNumber} is damaged`,
    paragraphs: [
      `Hello ${name},`,
      `a download of case ${caseNumber}, “${title}”, broke off on ${when}: file ${number} of the package, “${path}”, is missing in storage or is no longer the one that was verified.`,
      'The recipient got no changed byte, but cannot download the package completely either. Tell whoever runs your installation, so that the file is restored from a backup. The activity of the share lists every such file.',
      'You get this mail once a day at most.',
    ],
  }),
  es: ({ name, caseNumber, title, when }, { number, path }) => ({
    subject: `Un archivo compartido del caso ${caseNumber} está dañado`,
    paragraphs: [
      `Hola, ${name}:`,
      `una descarga del caso ${caseNumber}, «${title}», se interrumpió el ${when}: el archivo ${number} del paquete, «${path}», falta en el almacenamiento o ya no es el que se verificó.`,
      'El destinatario no recibió ningún byte alterado, pero tampoco puede descargar el paquete completo. Avise a quien administra su instalación para que restaure el archivo de una copia de seguridad. La actividad de lo compartido enumera todos los archivos afectados.',
      'Recibirá este mensaje como máximo una vez al día.',
    ],
  }),
  fr: ({ name, caseNumber, title, when }, { number, path }) => ({
    subject: `Un fichier partagé de l’affaire ${caseNumber} est endommagé`,
    paragraphs: [
      `Bonjour ${name},`,
      `un téléchargement de l’affaire ${caseNumber}, « ${title} », s’est interrompu le ${when} : le fichier ${number} de l’ensemble, « ${path} », manque dans le stockage ou n’est plus celui qui a été vérifié.`,
      'Le destinataire n’a reçu aucun octet modifié, mais il ne peut pas non plus télécharger l’ensemble complet. Prévenez la personne qui gère votre installation afin que le fichier soit restauré depuis une sauvegarde. L’activité du partage énumère tous les fichiers concernés.',
      'Vous recevez ce message une fois par jour au plus.',
    ],
  }),
};
