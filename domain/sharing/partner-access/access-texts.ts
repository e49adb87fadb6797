/** The words of the mails about partner access, in each language. */
import type { Language } from '../../identity/user.entity.ts';

/** What the mails may name: of the case its number, and nothing that is in it. */
export interface AccessNotice {
  readonly name: string;
  /** Whose case it is. */
  readonly organization: string;
  readonly partner: string;
  readonly sender: string;
  readonly caseNumber: string;
  readonly message: string | null;
  readonly mayDownload: boolean;
  /** An instant, ready to be read; null without end. */
  readonly until: string | null;
}

/** Paragraphs, and the words on the link where there is one. */
export interface AccessMail {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action?: { readonly label: string };
}

type Texts = Readonly<Record<Language, (notice: AccessNotice) => AccessMail>>;
type TextsWithoutLink = Readonly<
  Record<Language, (notice: AccessNotice) => Omit<AccessMail, 'action'>>
>;

export const INVITATION: Texts = {
  en: (notice) => ({
    subject: `${notice.organization} gives you access to case ${notice.caseNumber}`,
    paragraphs: [
      `Hello ${notice.name},`,
      `${notice.sender} of ${notice.organization} gives you access to case ${notice.caseNumber}. ${notice.mayDownload ? 'You may view its evidence and download it.' : 'You may view its evidence.'}`,
      ...(notice.message === null ? [] : [`${notice.sender} writes:`, notice.message]),
      notice.until === null
        ? 'The access lasts until it is withdrawn.'
        : `The access ends on ${notice.until}.`,
      'The link is for you alone: you will be asked to sign in as yourself.',
    ],
    action: { label: 'Open the case' },
  }),
  es: (notice) => ({
    subject: `${notice.organization} le da acceso al caso ${notice.caseNumber}`,
    paragraphs: [
      `Hola, ${notice.name}:`,
      `${notice.sender}, de ${notice.organization}, le da acceso al caso ${notice.caseNumber}. ${notice.mayDownload ? 'Puede ver sus pruebas y descargarlas.' : 'Puede ver sus pruebas.'}`,
      ...(notice.message === null ? [] : [`${notice.sender} escribe:`, notice.message]),
      notice.until === null
        ? 'El acceso dura hasta que se retire.'
        : `El acceso termina el ${notice.until}.`,
      'El enlace es solo para usted: se le pedirá que inicie sesión con su propia identidad.',
    ],
    action: { label: 'Abrir el caso' },
  }),
  fr: (notice) => ({
    subject: `${notice.organization} vous donne accès à l’affaire ${notice.caseNumber}`,
    paragraphs: [
      `Bonjour ${notice.name},`,
      `${notice.sender}, de ${notice.organization}, vous donne accès à l’affaire ${notice.caseNumber}. ${notice.mayDownload ? 'Vous pouvez consulter ses preuves et les télécharger.' : 'Vous pouvez consulter ses preuves.'}`,
      ...(notice.message === null ? [] : [`${notice.sender} écrit :`, notice.message]),
      notice.until === null
        ? 'L’accès dure jusqu’à ce qu’il soit retiré.'
        : `L’accès prend fin le ${notice.until}.`,
      'Ce lien n’est destiné qu’à vous : il vous sera demandé de vous identifier.',
    ],
    action: { label: 'Ouvrir l’affaire' },
  }),
};

export const EXPIRING: Texts = {
  en: (notice) => ({
    subject: `Your access to case ${notice.caseNumber} ends soon`,
    paragraphs: [
      `Hello ${notice.name},`,
      `your access to case ${notice.caseNumber} of ${notice.organization} ends on ${notice.until ?? ''}.`,
      `If you need it longer, ask ${notice.sender} before then.`,
    ],
    action: { label: 'Open the case' },
  }),
  es: (notice) => ({
    subject: `Su acceso al caso ${notice.caseNumber} termina pronto`,
    paragraphs: [
      `Hola, ${notice.name}:`,
      `su acceso al caso ${notice.caseNumber} de ${notice.organization} termina el ${notice.until ?? ''}.`,
      `Si lo necesita más tiempo, pídaselo antes a ${notice.sender}.`,
    ],
    action: { label: 'Abrir el caso' },
  }),
  fr: (notice) => ({
    subject: `Votre accès à l’affaire ${notice.caseNumber} prend bientôt fin`,
    paragraphs: [
      `Bonjour ${notice.name},`,
      `votre accès à l’affaire ${notice.caseNumber} de ${notice.organization} prend fin le ${notice.until ?? ''}.`,
      `S’il vous le faut plus longtemps, demandez-le avant cette date à ${notice.sender}.`,
    ],
    action: { label: 'Ouvrir l’affaire' },
  }),
};

export const CREATOR_EXPIRING: TextsWithoutLink = {
  en: (notice) => ({
    subject: `The access of ${notice.partner} to case ${notice.caseNumber} ends soon`,
    paragraphs: [
      `Hello ${notice.name},`,
      `the access to case ${notice.caseNumber} that you gave to recipients at ${notice.partner} ends on ${notice.until ?? ''}.`,
      'If it is still needed, give it more days.',
    ],
  }),
  es: (notice) => ({
    subject: `El acceso de ${notice.partner} al caso ${notice.caseNumber} termina pronto`,
    paragraphs: [
      `Hola, ${notice.name}:`,
      `el acceso al caso ${notice.caseNumber} que dio a destinatarios de ${notice.partner} termina el ${notice.until ?? ''}.`,
      'Si todavía hace falta, amplíe su duración.',
    ],
  }),
  fr: (notice) => ({
    subject: `L’accès de ${notice.partner} à l’affaire ${notice.caseNumber} prend bientôt fin`,
    paragraphs: [
      `Bonjour ${notice.name},`,
      `l’accès à l’affaire ${notice.caseNumber} que vous avez donné à des destinataires de ${notice.partner} prend fin le ${notice.until ?? ''}.`,
      'S’il est encore nécessaire, prolongez-le.',
    ],
  }),
};

export const ENDED: Texts = {
  en: (notice) => ({
    subject: `Your access to case ${notice.caseNumber} was withdrawn`,
    paragraphs: [
      `Hello ${notice.name},`,
      `${notice.organization} has withdrawn your access to case ${notice.caseNumber}. The link that you got opens nothing any more.`,
      `If you think that this is a mistake, ask ${notice.sender}.`,
    ],
  }),
  es: (notice) => ({
    subject: `Se retiró su acceso al caso ${notice.caseNumber}`,
    paragraphs: [
      `Hola, ${notice.name}:`,
      `${notice.organization} ha retirado su acceso al caso ${notice.caseNumber}. El enlace que recibió ya no abre nada.`,
      `Si cree que es un error, pregunte a ${notice.sender}.`,
    ],
  }),
  fr: (notice) => ({
    subject: `Votre accès à l’affaire ${notice.caseNumber} a été retiré`,
    paragraphs: [
      `Bonjour ${notice.name},`,
      `${notice.organization} a retiré votre accès à l’affaire ${notice.caseNumber}. Le lien que vous avez reçu n’ouvre plus rien.`,
      `Si vous pensez qu’il s’agit d’une erreur, adressez-vous à ${notice.sender}.`,
    ],
  }),
};
