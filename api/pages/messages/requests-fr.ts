import type { requestNoticesEn, requestsEn } from './requests-en.ts';

export const requestsFr: typeof requestsEn = {
  landing: {
    title: (organization) => `${organization} vous demande des preuves`,
    text: 'Vous pouvez envoyer ici des fichiers, directement et en toute sécurité. Ouvrez la page d’envoi pour voir ce qui est demandé.',
    open: 'Ouvrir la page d’envoi',
    note: 'L’ouverture est enregistrée. Seule la personne qui a ce lien peut l’ouvrir : ne le transmettez pas.',
  },
  logLanding: {
    title: 'Journal d’activité',
    text: (organization) =>
      `Ouvrez le journal d’activité de la demande que ${organization} vous a envoyée.`,
    open: 'Voir le journal d’activité',
  },
  refresh: 'Renouveler l’accès',
  mailLog: 'M’envoyer le journal d’activité',
  asked: {
    title: 'Consultez votre messagerie',
    text: 'S’il y a quelque chose à envoyer, un message est en route vers l’adresse à laquelle la demande a été faite. Cela peut prendre quelques minutes ; redemandez après dix.',
  },
  page: {
    heading: (organization) => `Preuves pour ${organization}`,
    sender: 'Demandé par',
    note: 'Note',
    until: 'Vous pouvez envoyer jusqu’au',
    expired:
      'Votre accès a expiré. Vous pouvez terminer les fichiers commencés, mais pas en commencer d’autres. Pour en envoyer davantage, ouvrez le lien de votre message et redemandez l’accès.',
    types: 'Types de fichiers acceptés',
    log: 'Journal d’activité',
  },
  log: {
    heading: 'Journal d’activité',
    allEvents: 'Tous les événements',
    items: 'Fichiers reçus',
    last: 'Dernière réception',
    none: 'Rien n’a encore été reçu.',
    time: 'Heure',
    actor: 'Par',
    event: 'Événement',
    file: 'Fichier',
    size: 'Taille',
    sha256: 'Empreinte (SHA-256)',
    outcome: 'Résultat',
    csv: 'Télécharger sous forme de tableau (CSV)',
    pdf: 'Télécharger sous forme de document (PDF)',
    later: 'Événements suivants',
    back: 'Retour à la demande',
    outcomes: { done: 'fait', refused: 'refusé', failed: 'échoué' },
    events: {
      'request.created': 'Demande créée',
      'request.invited': 'Invitation envoyée',
      'request.reminded': 'Rappel envoyé',
      'request.resent': 'Invitation renvoyée',
      'request.refreshed': 'Accès renouvelé',
      'request.extended': 'Demande prolongée',
      'request.opened': 'Lien ouvert',
      'request.expired': 'Accès expiré',
      'request.closed': 'Demande close',
      'request.refused': 'Tentative refusée',
      'request.log_asked': 'Journal d’activité demandé',
      'request.log_opened': 'Journal d’activité ouvert',
      'upload.begun': 'Envoi commencé',
      'upload.aborted': 'Envoi annulé',
      'upload.abandoned': 'Envoi abandonné',
      'evidence.uploaded': 'Envoi terminé',
      'evidence.verified': 'Fichier vérifié',
      'evidence.duplicate': 'Fichier déjà présent',
      'evidence.rejected': 'Fichier refusé',
      'evidence.quarantined': 'Fichier mis en quarantaine',
      'evidence.released': 'Fichier sorti de quarantaine',
      'trusted_user.removed': 'Utilisateur de confiance retiré',
      'audit.exported': 'Journal d’activité téléchargé',
    },
  },
};

export const requestNoticesFr: typeof requestNoticesEn = {
  request_expired: {
    title: 'Accès expiré',
    text: 'Votre accès à la page d’envoi a expiré. Renouvelez-le, et un lien qui fonctionne vous sera envoyé.',
  },
  request_superseded: {
    title: 'Un lien plus récent a remplacé celui-ci',
    text: 'Ouvrez le lien du dernier message que vous avez reçu. Si vous ne le trouvez pas, faites-le renvoyer.',
  },
  request_closed: {
    title: 'Cette demande est close',
    text: 'Plus rien ne peut être envoyé. Ce que vous avez envoyé est conservé.',
  },
  log_expired: {
    title: 'Ce lien a expiré',
    text: 'Le lien vers le journal d’activité a fonctionné pendant 30 jours. Ouvrez le lien de la demande elle-même pour en recevoir un nouveau.',
  },
};
