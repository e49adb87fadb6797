/** The words of the messages to community members, in each language. They address nobody by name. */
import type { Language } from '../../identity/user.entity.ts';
import type { MailContent } from '../../notifications/render.ts';

/** What such a message may say; what is hidden is null. */
export interface InviteNotice {
  readonly organization: string;
  readonly title: string | null;
  readonly reportId: string | null;
  readonly description: string | null;
  /** When the link expires, ready to be read. */
  readonly expires: string;
  /** Stands for the link until the message is sent. */
  readonly link: string;
}

type Mails = Readonly<Record<Language, (notice: InviteNotice) => MailContent>>;
type TextMessages = Readonly<Record<Language, (notice: InviteNotice) => string>>;

/** Characters of a description that a mail shows; the page has all of it. */
const SHOWN_DESCRIPTION = 600;

const REFERENCE: Readonly<Record<Language, string>> = {
  en: 'Reference',
  es: 'Referencia',
  fr: 'Référence',
};

/** What it is about, as one paragraph or two; none where there is nothing to say. */
function about(language: Language, { title, reportId, description }: InviteNotice): string[] {
  const lines = [
    ...(title === null ? [] : [title]),
    ...(reportId === null ? [] : [`${REFERENCE[language]}: ${reportId}`]),
  ];
  return [
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...(description === null ? [] : [shortened(description)]),
  ];
}

function shortened(description: string): string {
  const characters = [...description];
  if (characters.length <= SHOWN_DESCRIPTION) return description;
  return `${characters.slice(0, SHOWN_DESCRIPTION).join('')}…`;
}

/** The invitation. */
export const INVITED: Mails = {
  en: (notice) => ({
    subject: `${notice.organization} asks you for evidence`,
    paragraphs: [
      `${notice.organization} asks you for photos, videos or other files that may help.`,
      ...about('en', notice),
      `The link below is only for you: do not pass it on. It works until ${notice.expires}, and for one submission.`,
    ],
    action: { label: 'Submit evidence', address: notice.link },
  }),
  es: (notice) => ({
    subject: `${notice.organization} le solicita pruebas`,
    paragraphs: [
      `${notice.organization} le pide fotos, vídeos u otros archivos que puedan ayudar.`,
      ...about('es', notice),
      `El enlace de abajo es solo para usted: no lo comparta. Funciona hasta el ${notice.expires} y para una sola entrega.`,
    ],
    action: { label: 'Entregar pruebas', address: notice.link },
  }),
  fr: (notice) => ({
    subject: `${notice.organization} vous demande des preuves`,
    paragraphs: [
      `${notice.organization} vous demande des photos, des vidéos ou d’autres fichiers qui peuvent aider.`,
      ...about('fr', notice),
      `Le lien ci-dessous n’est que pour vous : ne le transmettez pas. Il fonctionne jusqu’au ${notice.expires}, pour une seule remise.`,
    ],
    action: { label: 'Remettre des preuves', address: notice.link },
  }),
};

/** The reminder. */
export const REMINDED: Mails = {
  en: (notice) => ({
    subject: `Reminder: ${notice.organization} asks you for evidence`,
    paragraphs: [
      `${notice.organization} has asked you for evidence, and nothing has been submitted yet.`,
      ...about('en', notice),
      `The link below works until ${notice.expires}.`,
    ],
    action: { label: 'Submit evidence', address: notice.link },
  }),
  es: (notice) => ({
    subject: `Recordatorio: ${notice.organization} le solicita pruebas`,
    paragraphs: [
      `${notice.organization} le pidió pruebas y todavía no se ha entregado nada.`,
      ...about('es', notice),
      `El enlace de abajo funciona hasta el ${notice.expires}.`,
    ],
    action: { label: 'Entregar pruebas', address: notice.link },
  }),
  fr: (notice) => ({
    subject: `Rappel : ${notice.organization} vous demande des preuves`,
    paragraphs: [
      `${notice.organization} vous a demandé des preuves ; rien n’a encore été remis.`,
      ...about('fr', notice),
      `Le lien ci-dessous fonctionne jusqu’au ${notice.expires}.`,
    ],
    action: { label: 'Remettre des preuves', address: notice.link },
  }),
};

/** The invitation as a text message: short, for each part of one is paid for. */
export const INVITED_SMS: TextMessages = {
  en: ({ organization, link }) =>
    `${organization} asks you for evidence. Private link, works for 10 days: ${link}`,
  es: ({ organization, link }) =>
    `${organization} le solicita pruebas. Enlace privado, válido 10 días: ${link}`,
  fr: ({ organization, link }) =>
    `${organization} vous demande des preuves. Lien privé, valable 10 jours : ${link}`,
};

/** The reminder as a text message. */
export const REMINDED_SMS: TextMessages = {
  en: ({ organization, link }) =>
    `Reminder: ${organization} asks you for evidence. Your private link: ${link}`,
  es: ({ organization, link }) =>
    `Recordatorio: ${organization} le solicita pruebas. Su enlace privado: ${link}`,
  fr: ({ organization, link }) =>
    `Rappel : ${organization} vous demande des preuves. Votre lien privé : ${link}`,
};
