/** The words of the mails about upload requests, in each language. */
import type { Language } from '../identity/user.entity.ts';
import type { MailContent } from '../notifications/render.ts';
import type { RequestField } from './upload-request.entity.ts';

/** What a mail to a trusted user may say. */
export interface RequestNotice {
  readonly organization: string;
  readonly sender: string;
  readonly fields: readonly { readonly field: RequestField; readonly value: string }[];
  readonly note: string | null;
  /** When the link expires, ready to be read. */
  readonly expires: string;
  /** Stands for the link until the mail is sent. */
  readonly link: string;
}

/** What a mail to the sender of a request may say. */
export interface ReceivedNotice {
  readonly name: string;
  readonly from: string;
  readonly caseNumber: string;
  readonly title: string;
  readonly files: number;
}

type Texts<Notice> = Readonly<Record<Language, (notice: Notice) => MailContent>>;

const FIELDS: Readonly<Record<Language, Readonly<Record<RequestField, string>>>> = {
  en: { police_number: 'Police number', accused: 'Accused', court_number: 'Court number' },
  es: {
    police_number: 'Número de policía',
    accused: 'Acusado',
    court_number: 'Número de juzgado',
  },
  fr: {
    police_number: 'Numéro de police',
    accused: 'Personne mise en cause',
    court_number: 'Numéro du tribunal',
  },
};

/** The name of a field of the case, for a reader. */
export function fieldName(language: Language, field: RequestField): string {
  return FIELDS[language][field];
}

/** The chosen fields, one a line, as one paragraph; none where nothing was chosen. */
function details(language: Language, { fields }: RequestNotice): string[] {
  const lines = fields.map(({ field, value }) => `${FIELDS[language][field]}: ${value}`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** The invitation. */
export const INVITED: Texts<RequestNotice> = {
  en: (notice) => ({
    subject: `${notice.organization} asks you for evidence`,
    paragraphs: [
      `${notice.sender} of ${notice.organization} asks you to upload evidence.`,
      ...details('en', notice),
      ...(notice.note === null ? [] : [notice.note]),
      `Open your upload page with the button below. The link is only for you: do not pass it on. It works until ${notice.expires}; after that the same button opens a page where you can ask for access again.`,
      'You can answer this mail if you have a question.',
    ],
    action: { label: 'Upload Securely', address: notice.link },
  }),
  es: (notice) => ({
    subject: `${notice.organization} le solicita pruebas`,
    paragraphs: [
      `${notice.sender}, de ${notice.organization}, le pide que suba pruebas.`,
      ...details('es', notice),
      ...(notice.note === null ? [] : [notice.note]),
      `Abra su página de subida con el botón de abajo. El enlace es solo para usted: no lo comparta. Funciona hasta el ${notice.expires}; después, el mismo botón abre una página donde puede volver a pedir acceso.`,
      'Puede responder a este correo si tiene alguna pregunta.',
    ],
    action: { label: 'Subir de forma segura', address: notice.link },
  }),
  fr: (notice) => ({
    subject: `${notice.organization} vous demande des preuves`,
    paragraphs: [
      `${notice.sender}, de ${notice.organization}, vous demande d’envoyer des preuves.`,
      ...details('fr', notice),
      ...(notice.note === null ? [] : [notice.note]),
      `Ouvrez votre page d’envoi avec le bouton ci-dessous. Le lien n’est que pour vous : ne le transmettez pas. Il fonctionne jusqu’au ${notice.expires} ; ensuite, le même bouton ouvre une page où vous pouvez redemander l’accès.`,
      'Vous pouvez répondre à ce message si vous avez une question.',
    ],
    action: { label: 'Envoyer en toute sécurité', address: notice.link },
  }),
};

/** A reminder. */
export const REMINDED: Texts<RequestNotice> = {
  en: (notice) => ({
    subject: `Reminder: ${notice.organization} asks you for evidence`,
    paragraphs: [
      `${notice.sender} of ${notice.organization} has asked you to upload evidence, and nothing has arrived yet.`,
      ...details('en', notice),
      `The link below works until ${notice.expires}.`,
    ],
    action: { label: 'Upload Securely', address: notice.link },
  }),
  es: (notice) => ({
    subject: `Recordatorio: ${notice.organization} le solicita pruebas`,
    paragraphs: [
      `${notice.sender}, de ${notice.organization}, le pidió que subiera pruebas y todavía no ha llegado nada.`,
      ...details('es', notice),
      `El enlace de abajo funciona hasta el ${notice.expires}.`,
    ],
    action: { label: 'Subir de forma segura', address: notice.link },
  }),
  fr: (notice) => ({
    subject: `Rappel : ${notice.organization} vous demande des preuves`,
    paragraphs: [
      `${notice.sender}, de ${notice.organization}, vous a demandé d’envoyer des preuves ; rien n’est encore arrivé.`,
      ...details('fr', notice),
      `Le lien ci-dessous fonctionne jusqu’au ${notice.expires}.`,
    ],
    action: { label: 'Envoyer en toute sécurité', address: notice.link },
  }),
};

/** What a trusted user is told when its request is closed. */
export const CLOSED: Texts<RequestNotice> = {
  en: ({ organization, link }) => ({
    subject: `${organization} has closed its request for evidence`,
    paragraphs: [
      `${organization} has closed its request. Thank you. Nothing more can be uploaded.`,
      'The activity log shows what you sent and what became of it. The link to it works for 30 days.',
    ],
    action: { label: 'View the activity log', address: link },
  }),
  es: ({ organization, link }) => ({
    subject: `${organization} ha cerrado su solicitud de pruebas`,
    paragraphs: [
      `${organization} ha cerrado su solicitud. Gracias. Ya no se puede subir nada más.`,
      'El registro de actividad muestra lo que envió y qué pasó con ello. El enlace funciona durante 30 días.',
    ],
    action: { label: 'Ver el registro de actividad', address: link },
  }),
  fr: ({ organization, link }) => ({
    subject: `${organization} a clos sa demande de preuves`,
    paragraphs: [
      `${organization} a clos sa demande. Merci. Plus rien ne peut être envoyé.`,
      'Le journal d’activité montre ce que vous avez envoyé et ce qu’il en est advenu. Le lien fonctionne pendant 30 jours.',
    ],
    action: { label: 'Voir le journal d’activité', address: link },
  }),
};

/** The link to the activity log, asked for. */
export const LOG: Texts<RequestNotice> = {
  en: ({ organization, link }) => ({
    subject: `Activity log of the request of ${organization}`,
    paragraphs: [
      `You asked for the activity log of the request of ${organization}. If it was not you, nothing has to be done.`,
    ],
    action: { label: 'View the activity log', address: link },
  }),
  es: ({ organization, link }) => ({
    subject: `Registro de actividad de la solicitud de ${organization}`,
    paragraphs: [
      `Ha pedido el registro de actividad de la solicitud de ${organization}. Si no fue usted, no tiene que hacer nada.`,
    ],
    action: { label: 'Ver el registro de actividad', address: link },
  }),
  fr: ({ organization, link }) => ({
    subject: `Journal d’activité de la demande de ${organization}`,
    paragraphs: [
      `Vous avez demandé le journal d’activité de la demande de ${organization}. Si ce n’était pas vous, vous n’avez rien à faire.`,
    ],
    action: { label: 'Voir le journal d’activité', address: link },
  }),
};

/** What the sender is told of verified files. */
export const RECEIVED: Texts<ReceivedNotice> = {
  en: ({ name, from, caseNumber, title, files }) => ({
    subject: `New evidence in case ${caseNumber}`,
    paragraphs: [
      `Hello ${name},`,
      files === 1
        ? `${from} has uploaded a file for case ${caseNumber}, “${title}”. It was verified and is in the case.`
        : `${from} has uploaded ${files} files for case ${caseNumber}, “${title}”. They were verified and are in the case.`,
    ],
  }),
  es: ({ name, from, caseNumber, title, files }) => ({
    subject: `Nuevas pruebas en el caso ${caseNumber}`,
    paragraphs: [
      `Hola, ${name}:`,
      files === 1
        ? `${from} ha subido un archivo para el caso ${caseNumber}, «${title}». Se ha verificado y está en el caso.`
        : `${from} ha subido ${files} archivos para el caso ${caseNumber}, «${title}». Se han verificado y están en el caso.`,
    ],
  }),
  fr: ({ name, from, caseNumber, title, files }) => ({
    subject: `Nouvelles preuves dans l’affaire ${caseNumber}`,
    paragraphs: [
      `Bonjour ${name},`,
      files === 1
        ? `${from} a envoyé un fichier pour l’affaire ${caseNumber}, « ${title} ». Il a été vérifié et se trouve dans l’affaire.`
        : `${from} a envoyé ${files} fichiers pour l’affaire ${caseNumber}, « ${title} ». Ils ont été vérifiés et se trouvent dans l’affaire.`,
    ],
  }),
};
