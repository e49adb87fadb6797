/** The words of the mails about portals to those who run them, in each language. */
import type { Language } from '../identity/user.entity.ts';
import type { MailContent } from '../notifications/render.ts';

/** What such a mail may say of a portal; what is hidden is null, or not there. */
export interface PortalNotice {
  readonly name: string;
  readonly organization: string;
  readonly title: string | null;
  readonly reportId: string | null;
  readonly description: string | null;
  readonly categories: readonly string[];
}

/** What was handed in, besides. */
export interface ReceivedNotice extends PortalNotice {
  readonly submissions: number;
  /** Files that wait for a decision. */
  readonly pending: number;
  /** Then nothing more is told until somebody has looked. */
  readonly isPublic: boolean;
}

type Texts<Notice> = Readonly<Record<Language, (notice: Notice) => MailContent>>;

const WORDS: Readonly<
  Record<Language, Readonly<Record<'title' | 'id' | 'categories' | 'untitled', string>>>
> = {
  en: { title: 'Title', id: 'ID', categories: 'Categories', untitled: 'a portal' },
  es: { title: 'Título', id: 'ID', categories: 'Categorías', untitled: 'un portal' },
  fr: { title: 'Titre', id: 'ID', categories: 'Catégories', untitled: 'un portail' },
};

/** What it is about, one fact a line, as one paragraph; none where there is nothing to say. */
function details(language: Language, notice: PortalNotice): string[] {
  const words = WORDS[language];
  const lines = [
    [words.id, notice.reportId],
    [words.title, notice.title],
    [words.categories, notice.categories.length === 0 ? null : notice.categories.join(', ')],
  ].flatMap(([word, value]) => (value === null ? [] : [`${word}: ${value}`]));
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function nameOf(language: Language, { reportId, title }: PortalNotice): string {
  return reportId ?? title ?? WORDS[language].untitled;
}

/** A portal was made by an external system. */
export const CREATED: Texts<PortalNotice> = {
  en: (notice) => ({
    subject: `New incident-report portal: ${nameOf('en', notice)}`,
    paragraphs: [
      `Hello ${notice.name},`,
      `An external system has created a portal at ${notice.organization} that you are the request owner of.`,
      ...details('en', notice),
    ],
  }),
  es: (notice) => ({
    subject: `Nuevo portal de informe de incidente: ${nameOf('es', notice)}`,
    paragraphs: [
      `Hola, ${notice.name}:`,
      `Un sistema externo ha creado un portal en ${notice.organization}; usted es el responsable de la solicitud.`,
      ...details('es', notice),
    ],
  }),
  fr: (notice) => ({
    subject: `Nouveau portail de déclaration d’incident : ${nameOf('fr', notice)}`,
    paragraphs: [
      `Bonjour ${notice.name},`,
      `Un système externe a créé auprès de ${notice.organization} un portail dont vous êtes responsable.`,
      ...details('fr', notice),
    ],
  }),
};

/** Something was handed in. */
export const RECEIVED: Texts<ReceivedNotice> = {
  en: (notice) => ({
    subject: `New submission: ${nameOf('en', notice)}`,
    paragraphs: [
      `Hello ${notice.name},`,
      notice.submissions === 1
        ? 'A community member has handed in evidence.'
        : `Community members have handed in evidence, in ${notice.submissions} submissions.`,
      ...details('en', notice),
      notice.pending === 0
        ? 'No file waits for a decision.'
        : `Files that wait to be accepted or declined: ${notice.pending}.`,
      ...(notice.isPublic
        ? ['You will not be told of further submissions until somebody has marked these as seen.']
        : []),
    ],
  }),
  es: (notice) => ({
    subject: `Nueva entrega: ${nameOf('es', notice)}`,
    paragraphs: [
      `Hola, ${notice.name}:`,
      notice.submissions === 1
        ? 'Un miembro de la comunidad ha entregado pruebas.'
        : `Miembros de la comunidad han entregado pruebas, en ${notice.submissions} entregas.`,
      ...details('es', notice),
      notice.pending === 0
        ? 'Ningún archivo espera una decisión.'
        : `Archivos que esperan ser aceptados o rechazados: ${notice.pending}.`,
      ...(notice.isPublic
        ? ['No se le avisará de más entregas hasta que alguien haya marcado estas como vistas.']
        : []),
    ],
  }),
  fr: (notice) => ({
    subject: `Nouvelle remise : ${nameOf('fr', notice)}`,
    paragraphs: [
      `Bonjour ${notice.name},`,
      notice.submissions === 1
        ? 'Un membre de la communauté a remis des preuves.'
        : `Des membres de la communauté ont remis des preuves, en ${notice.submissions} remises.`,
      ...details('fr', notice),
      notice.pending === 0
        ? 'Aucun fichier n’attend de décision.'
        : `Fichiers qui attendent d’être acceptés ou refusés : ${notice.pending}.`,
      ...(notice.isPublic
        ? [
            'Vous ne serez pas averti d’autres remises tant que personne n’aura marqué celles-ci comme vues.',
          ]
        : []),
    ],
  }),
};
