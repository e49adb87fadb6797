import type { Words } from './words.ts';

const files = (count: number, shown: string) =>
  count < 2 ? `${shown} fichier` : `${shown} fichiers`;

export const fr: Words = {
  title: 'Envoyer vos fichiers',
  needsScript:
    'L’envoi nécessite JavaScript, qui est désactivé dans ce navigateur. Activez-le et rechargez la page, ou ouvrez votre lien dans un autre navigateur.',
  drop: 'Déposez ici des fichiers ou des dossiers, ou choisissez-les :',
  dropNow: 'Relâchez pour les ajouter à la liste',
  chooseFiles: 'Choisir des fichiers',
  chooseFolder: 'Choisir un dossier',
  reading: 'Lecture du dossier …',
  largest: (size) => `Jusqu’à ${size} par fichier.`,
  ready: (count, shown, size) => `${files(count, shown)}, ${size}, à envoyer`,
  notSentYet: 'Rien n’a encore été envoyé. Vérifiez la liste, puis sélectionnez Envoyer.',
  upload: (count, shown) => `Envoyer ${files(count, shown)}`,
  remove: (name) => `Retirer ${name} de la liste`,
  removeShort: 'Retirer',
  removeAll: 'Tout retirer',
  cancel: (name) => `Annuler l’envoi de ${name}`,
  cancelShort: 'Annuler',
  retry: (name) => `Réessayer ${name}`,
  retryShort: 'Réessayer',
  caption: 'Légende (facultative)',
  captionOf: (name) => `Légende de ${name} (facultative)`,
  pauseFile: (name) => `Suspendre ${name}`,
  resumeFile: (name) => `Reprendre ${name}`,
  removed: (name) => `${name} a été retiré`,
  list: 'Fichiers',
  now: 'En cours d’envoi',
  previous: 'Fichiers précédents',
  next: 'Fichiers suivants',
  showing: (first, last, count) => `${first} à ${last} sur ${count}`,
  refused: (count, shown) =>
    count === 1
      ? '1 fichier ne peut pas être accepté'
      : `${shown} fichiers ne peuvent pas être acceptés`,
  refusedNote: 'Les autres fichiers ne sont pas concernés.',
  dismiss: 'Compris',
  leftOut: (count, shown) =>
    count === 1
      ? 'Un fichier système caché a été ignoré.'
      : `${shown} fichiers système cachés ont été ignorés.`,
  alreadyListed: (count, shown) =>
    count === 1
      ? 'Un fichier était déjà dans la liste.'
      : `${shown} fichiers étaient déjà dans la liste.`,
  nothingFound: 'Il ne contient aucun fichier.',
  added: (count, shown) => `${files(count, shown)} dans la liste`,
  refusals: {
    type: (extension) =>
      extension === ''
        ? 'Son nom ne se termine pas par un type de fichier (comme .mp4). Ajoutez le bon, ou convertissez le fichier dans un type accepté.'
        : `Les fichiers de type .${extension} ne sont pas acceptés. Convertissez-le dans un type accepté et choisissez-le à nouveau.`,
    size: (size, largest) =>
      `Il fait ${size} ; la limite est de ${largest}. Compressez-le ou divisez-le en fichiers plus petits.`,
    count: (files) =>
      `Jusqu’à ${files} fichiers sont acceptés en tout. Réunissez plusieurs fichiers dans une archive et choisissez-la.`,
    name: 'Son nom est trop long ou contient des caractères invisibles. Renommez le fichier et choisissez-le à nouveau.',
    unreadable: 'Il n’a pas pu être lu. Vérifiez qu’il s’ouvre et choisissez-le à nouveau.',
  },
  states: {
    listed: 'Prêt',
    waiting: 'En attente',
    elsewhere: 'Envoyé par un autre onglet',
    opening: 'Démarrage',
    sending: (percent) => `${percent} envoyés`,
    troubled: 'Connexion perdue, nouvel essai',
    completing: 'Finalisation',
    verifying: 'Envoyé. Vérification …',
    verified: 'Reçu et vérifié',
    duplicate: 'Doublon : déjà reçu auparavant',
    unconfirmed: 'Envoyé. La vérification continue sans cette page',
    failed: 'Échec',
    paused: 'En pause',
  },
  overall: 'Progression totale',
  sentOf: (sent, total) => `${sent} sur ${total}`,
  filesDone: (done, count) => `${done} fichiers terminés sur ${count}`,
  speed: (size) => `${size} par seconde`,
  left: (time) => `encore ${time} environ`,
  soon: 'presque terminé',
  checking: (count, shown) =>
    count === 1
      ? 'Un fichier est en cours de vérification.'
      : `${shown} fichiers sont en cours de vérification.`,
  pause: 'Suspendre',
  resume: 'Reprendre',
  paused: 'En pause. Ce qui a été envoyé est conservé : sélectionnez Reprendre pour continuer.',
  keepOpen:
    'Gardez cette page ouverte jusqu’à ce que tous les fichiers soient vérifiés. Si elle se ferme, rouvrez votre lien et choisissez les mêmes fichiers : l’envoi reprend où il s’était arrêté.',
  trouble:
    'La connexion est interrompue. Rien n’est perdu : l’envoi reprend de lui-même dès qu’elle revient.',
  offline:
    'Votre appareil est hors ligne. Rien n’est perdu : l’envoi reprend de lui-même dès le retour de la connexion.',
  elsewhere:
    'Un autre onglet ou une autre fenêtre de ce navigateur envoie certains de ces fichiers. Continuez là-bas. S’il s’arrête ou se ferme, cette page continue d’elle-même.',
  tryNow: 'Essayer maintenant',
  unfinished: (count, shown) =>
    count === 1
      ? '1 fichier n’a été envoyé qu’en partie. Choisissez à nouveau le même fichier pour reprendre où l’envoi s’était arrêté :'
      : `${shown} fichiers n’ont été envoyés qu’en partie. Choisissez à nouveau les mêmes fichiers pour reprendre où l’envoi s’était arrêté :`,
  andMore: (shown) => `et ${shown} autres`,
  results: {
    done: (count, shown) =>
      count === 1 ? '1 fichier reçu et vérifié' : `${shown} fichiers reçus et vérifiés`,
    none: 'Aucun fichier n’a été reçu',
    at: (instant) => `Terminé le ${instant}`,
    some: 'Tous les fichiers n’ont pas été reçus',
    failed: (count, shown) => (count === 1 ? '1 échec' : `${shown} échecs`),
    duplicate: (count, shown) => (count === 1 ? '1 doublon' : `${shown} doublons`),
    unconfirmed: (count, shown) =>
      `${files(count, shown)} : envoyé, mais la vérification n’était pas terminée à la fin du lien. Le journal d’activité la montrera.`,
    duplicateNote:
      'Ces fichiers ont déjà été reçus par cette demande, octet pour octet. Ils sont conservés une fois, inutile de les renvoyer.',
    adviceTitle: 'Ce que vous pouvez faire',
    advice: [
      'Assurez-vous que votre connexion internet est stable.',
      'Vérifiez la taille et le type du fichier. S’il est trop grand ou n’est pas accepté, il faut d’abord le compresser, le diviser ou le convertir.',
      'Revenez en arrière, changez ce qu’il faut et envoyez les fichiers à nouveau.',
    ],
    back: 'Retour',
    more: 'Envoyer d’autres fichiers',
    log: 'Journal d’activité',
    csv: 'Télécharger le journal d’activité (CSV)',
  },
  failures: {
    'file-unreadable':
      'Le fichier a été modifié, déplacé ou supprimé après votre choix. Revenez en arrière et choisissez-le à nouveau.',
    'file-too-large':
      'Le fichier est trop grand. Compressez-le ou divisez-le en fichiers plus petits.',
    'file-type-not-supported': 'Ce type de fichier n’est pas accepté. Convertissez-le d’abord.',
    'content-not-supported':
      'Le contenu du fichier ne correspond pas à son nom et n’est pas accepté. Convertissez-le d’abord.',
    'too-many-files':
      'Cette demande contient tous les fichiers qu’elle peut accepter. Réunissez plusieurs fichiers dans une archive, ou adressez-vous à l’auteur de la demande.',
    'validation-failed':
      'Son nom ne peut pas être accepté. Renommez le fichier et choisissez-le à nouveau.',
    'wrong-size': 'Il n’est pas arrivé entier. Envoyez-le à nouveau.',
    'wrong-sha256': 'Il est arrivé endommagé. Envoyez-le à nouveau.',
    'object-missing': 'Il n’est pas arrivé. Envoyez-le à nouveau.',
    'parts-refused': 'Il n’a pas pu être assemblé. Envoyez-le à nouveau.',
    'given-up': 'L’envoi a été abandonné. Envoyez-le à nouveau.',
    quarantined:
      'L’analyse antivirus ne l’a pas laissé passer. Il est mis à part jusqu’à ce que quelqu’un décide : inutile de l’envoyer à nouveau.',
    expired: 'Le lien a expiré : rien de nouveau n’est accepté.',
    closed: 'La demande a été close avant que le fichier ne soit complet.',
    superseded: 'Un lien plus récent remplace celui-ci. Ouvrez-le et envoyez-y le fichier.',
    'signed-out': 'Cette page n’a plus accès. Ouvrez à nouveau votre lien.',
  },
  failure: (detail) => `Une erreur s’est produite : ${detail}`,
  shut: {
    closed: {
      title: 'La demande a été close',
      text: 'Plus rien n’est accepté. Ce que vous aviez envoyé entièrement est conservé. Un lien vers le journal d’activité vous est envoyé par e-mail.',
    },
    superseded: {
      title: 'Un lien plus récent remplace celui-ci',
      text: 'Ouvrez le lien du dernier message reçu. Ce qui a été envoyé en partie y reprend lorsque vous choisissez les mêmes fichiers.',
    },
    expired: {
      title: 'Le lien a expiré',
      text: 'Plus rien n’est accepté. Rechargez cette page pour demander l’accès.',
    },
    used_up: {
      title: 'Vos fichiers ont été remis',
      text: 'Ce lien n’accepte plus rien. Rechargez cette page pour voir le reçu.',
    },
    'signed-out': {
      title: 'Cette page n’a plus accès',
      text: 'Ouvrez à nouveau votre lien et choisissez les mêmes fichiers : l’envoi reprend où il s’était arrêté.',
    },
  },
  expiredNote: (until) =>
    `Le lien a expiré : rien de nouveau n’est accepté. Ce qui a été commencé avant peut être terminé jusqu’au ${until} : choisissez à nouveau les mêmes fichiers. Pour en envoyer d’autres, renouvelez votre accès avec le lien de votre message.`,
  notAvailable: 'L’envoi n’a pas pu démarrer. Rechargez cette page.',
  announce: {
    started: (count, shown) => `L’envoi de ${files(count, shown)} a commencé.`,
    quarter: 'Un quart est envoyé.',
    half: 'La moitié est envoyée.',
    threeQuarters: 'Les trois quarts sont envoyés.',
    sent: 'Tout est envoyé et en cours de vérification.',
    resumed: 'La connexion est revenue. L’envoi continue.',
  },
};
