/** The words of the mails about API clients, in each language. */
import type { Language } from '../identity/user.entity.ts';
import type { MailContent } from '../notifications/render.ts';
import type { ApiClientChange } from './api-client.entity.ts';

/** What such a mail may name; never a secret. */
export interface ApiClientNotice {
  readonly name: string;
  readonly organization: string;
  readonly client: string;
  readonly clientId: string;
  /** Who did it. */
  readonly by: string;
  /** An instant, ready to be read. */
  readonly when: string;
}

type Texts = Readonly<Record<Language, (notice: ApiClientNotice) => MailContent>>;

const NOT_YOU: Readonly<Record<Language, string>> = {
  en: 'If this was not meant to happen, delete the client: that cuts it off at once.',
  es: 'Si esto no estaba previsto, elimine el cliente: así se corta el acceso de inmediato.',
  fr: 'Si ce n’était pas voulu, supprimez le client : l’accès est coupé aussitôt.',
};

/** What administrators are told of each change. */
export const CHANGED: Readonly<Record<ApiClientChange, Texts>> = {
  created: {
    en: (notice) => ({
      subject: `API client created: ${notice.client}`,
      paragraphs: [
        `Hello ${notice.name},`,
        `${notice.by} created the API client “${notice.client}” of ${notice.organization} on ${notice.when}. An external system can create incident-report portals with it, change them and invite to them.`,
        `Client ID: ${notice.clientId}`,
        NOT_YOU.en,
      ],
    }),
    es: (notice) => ({
      subject: `Cliente de API creado: ${notice.client}`,
      paragraphs: [
        `Hola, ${notice.name}:`,
        `${notice.by} creó el cliente de API «${notice.client}» de ${notice.organization} el ${notice.when}. Con él, un sistema externo puede crear portales de informes de incidentes, modificarlos e invitar a ellos.`,
        `ID de cliente: ${notice.clientId}`,
        NOT_YOU.es,
      ],
    }),
    fr: (notice) => ({
      subject: `Client d’API créé : ${notice.client}`,
      paragraphs: [
        `Bonjour ${notice.name},`,
        `${notice.by} a créé le client d’API « ${notice.client} » de ${notice.organization} le ${notice.when}. Un système externe peut s’en servir pour créer des portails de déclaration d’incident, les modifier et y inviter.`,
        `ID du client : ${notice.clientId}`,
        NOT_YOU.fr,
      ],
    }),
  },
  secret_added: {
    en: (notice) => ({
      subject: `API client has a new secret: ${notice.client}`,
      paragraphs: [
        `Hello ${notice.name},`,
        `${notice.by} added a secret to the API client “${notice.client}” of ${notice.organization} on ${notice.when}.`,
        `Client ID: ${notice.clientId}`,
        NOT_YOU.en,
      ],
    }),
    es: (notice) => ({
      subject: `Nuevo secreto del cliente de API: ${notice.client}`,
      paragraphs: [
        `Hola, ${notice.name}:`,
        `${notice.by} añadió un secreto al cliente de API «${notice.client}» de ${notice.organization} el ${notice.when}.`,
        `ID de cliente: ${notice.clientId}`,
        NOT_YOU.es,
      ],
    }),
    fr: (notice) => ({
      subject: `Nouveau secret du client d’API : ${notice.client}`,
      paragraphs: [
        `Bonjour ${notice.name},`,
        `${notice.by} a ajouté un secret au client d’API « ${notice.client} » de ${notice.organization} le ${notice.when}.`,
        `ID du client : ${notice.clientId}`,
        NOT_YOU.fr,
      ],
    }),
  },
  secret_removed: {
    en: (notice) => ({
      subject: `A secret of an API client was removed: ${notice.client}`,
      paragraphs: [
        `Hello ${notice.name},`,
        `${notice.by} removed a secret of the API client “${notice.client}” of ${notice.organization} on ${notice.when}. Whoever uses it gets no access any more.`,
        `Client ID: ${notice.clientId}`,
      ],
    }),
    es: (notice) => ({
      subject: `Se eliminó un secreto del cliente de API: ${notice.client}`,
      paragraphs: [
        `Hola, ${notice.name}:`,
        `${notice.by} eliminó un secreto del cliente de API «${notice.client}» de ${notice.organization} el ${notice.when}. Quien lo use ya no tiene acceso.`,
        `ID de cliente: ${notice.clientId}`,
      ],
    }),
    fr: (notice) => ({
      subject: `Un secret du client d’API a été supprimé : ${notice.client}`,
      paragraphs: [
        `Bonjour ${notice.name},`,
        `${notice.by} a supprimé un secret du client d’API « ${notice.client} » de ${notice.organization} le ${notice.when}. Qui l’utilise n’a plus d’accès.`,
        `ID du client : ${notice.clientId}`,
      ],
    }),
  },
  deleted: {
    en: (notice) => ({
      subject: `API client deleted: ${notice.client}`,
      paragraphs: [
        `Hello ${notice.name},`,
        `${notice.by} deleted the API client “${notice.client}” of ${notice.organization} on ${notice.when}. It has no access any more. Portals that it created stay, and can be managed by your staff.`,
        `Client ID: ${notice.clientId}`,
      ],
    }),
    es: (notice) => ({
      subject: `Cliente de API eliminado: ${notice.client}`,
      paragraphs: [
        `Hola, ${notice.name}:`,
        `${notice.by} eliminó el cliente de API «${notice.client}» de ${notice.organization} el ${notice.when}. Ya no tiene acceso. Los portales que creó se conservan y su personal puede gestionarlos.`,
        `ID de cliente: ${notice.clientId}`,
      ],
    }),
    fr: (notice) => ({
      subject: `Client d’API supprimé : ${notice.client}`,
      paragraphs: [
        `Bonjour ${notice.name},`,
        `${notice.by} a supprimé le client d’API « ${notice.client} » de ${notice.organization} le ${notice.when}. Il n’a plus aucun accès. Les portails qu’il a créés restent, et votre personnel peut les gérer.`,
        `ID du client : ${notice.clientId}`,
      ],
    }),
  },
};
