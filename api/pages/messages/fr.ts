import type { Messages } from './messages.ts';

/** What the pages say, in French. */
export const fr: Messages = {
  product: 'Casebridge',
  landing: {
    title: 'Des fichiers ont été partagés avec vous',
    text: 'Quelqu’un utilise Casebridge pour partager avec vous un ensemble de fichiers. Ouvrez-le pour voir ce qu’il contient et le télécharger.',
    passphrase: 'Phrase secrète',
    passphraseHint:
      'L’expéditeur protège cet ensemble par une phrase secrète qu’il vous communique séparément.',
    passphraseWrong: 'Ce n’est pas la phrase secrète de cet ensemble. Vérifiez-la, puis réessayez.',
    open: 'Ouvrir l’ensemble',
    note: 'L’ouverture est enregistrée par l’organisation de l’expéditeur. Quiconque a ce lien peut l’ouvrir : ne le transmettez pas.',
  },
  notices: {
    expired: {
      title: 'Ce lien a expiré',
      text: 'La durée de partage de cet ensemble est écoulée. Si vous en avez encore besoin, demandez à la personne qui vous a envoyé le lien de le partager à nouveau.',
    },
    revoked: {
      title: 'Ce lien a été retiré',
      text: 'L’expéditeur ne partage plus cet ensemble. Si vous pensez qu’il s’agit d’une erreur, adressez-vous à la personne qui vous a envoyé le lien.',
    },
    used_up: {
      title: 'Ce lien est épuisé',
      text: 'L’ensemble était partagé pour un nombre limité de téléchargements, et tous ont été utilisés. Si vous en avez encore besoin, demandez à la personne qui vous a envoyé le lien de le partager à nouveau.',
    },
    failed: {
      title: 'Cet ensemble n’a pas pu être préparé',
      text: 'Un problème est survenu avec ses fichiers avant qu’il soit prêt, et l’expéditeur en a été informé. Demandez à la personne qui vous a envoyé le lien de le partager à nouveau.',
    },
    preparing: {
      title: 'Cet ensemble n’est pas encore prêt',
      text: 'Ses fichiers sont encore en cours de vérification. Votre lien est bon : revenez dans quelques minutes.',
    },
    unknown: {
      title: 'Il n’y a rien à cette adresse',
      text: 'Le lien est peut-être incomplet : certains logiciels de messagerie coupent les longs liens. Copiez le lien entier depuis le message reçu, puis ouvrez-le de nouveau.',
    },
    no_session: {
      title: 'Ouvrez de nouveau votre lien',
      text: 'Cette page ne s’ouvre qu’après l’ouverture de votre lien dans ce navigateur. Revenez au message reçu et ouvrez le lien qu’il contient.',
    },
    cross_site: {
      title: 'Ouvrez vous-même votre lien',
      text: 'Un autre site a tenté d’ouvrir cet ensemble à votre place. Revenez au message reçu et ouvrez le lien qu’il contient.',
    },
    too_many_requests: {
      title: 'Trop de tentatives',
      text: 'Patientez quelques minutes, puis réessayez. Si une phrase secrète est demandée, vérifiez-la auprès de l’expéditeur.',
    },
    unavailable: {
      title: 'Indisponible pour le moment',
      text: 'L’ensemble ne peut pas être ouvert à l’instant. Rien n’est perdu : réessayez dans quelques minutes.',
    },
    internal: {
      title: 'Un problème est survenu de notre côté',
      text: 'Il a été enregistré, et rien n’a été modifié dans l’ensemble. Réessayez dans quelques minutes.',
    },
  },
  tryAgain: 'Réessayer',
  shared: {
    eyebrow: (organization) => `Partagé par ${organization}`,
    heading: (caseNumber) => `Affaire ${caseNumber}`,
    download: 'Tout télécharger',
    formats: {
      zip: {
        note: (size) => `Un fichier ZIP de ${size}. Un téléchargement interrompu peut être repris.`,
        size: 'Taille du fichier ZIP',
        opens:
          'Windows 10 et versions ultérieures, macOS et Linux le décompressent sans autre programme.',
        verify:
          'Chaque fichier a une empreinte (SHA-256). Décompressez le fichier ZIP, ouvrez un terminal à cet endroit et laissez votre ordinateur les comparer. Si aucune ligne n’apparaît, chaque fichier est exactement celui qui a été partagé.',
      },
      iso: {
        note: (size) => `Une image ISO de ${size}. Un téléchargement interrompu peut être repris.`,
        size: 'Taille de l’image ISO',
        opens:
          'Windows 10 et versions ultérieures, macOS et Linux l’ouvrent comme un disque : double-cliquez dessus ou montez-la. Il n’y a rien à décompresser.',
        verify:
          'Chaque fichier a une empreinte (SHA-256). Ouvrez l’image ISO, ouvrez un terminal sur le disque qui apparaît et laissez votre ordinateur les comparer. Si aucune ligne n’apparaît, chaque fichier est exactement celui qui a été partagé.',
      },
    },
    files: 'Fichiers',
    totalSize: 'Taille des fichiers',
    expires: 'Disponible jusqu’au',
    fileCount: (count, one) => (one ? '1 fichier' : `${count} fichiers`),
    showing: (first, last, count) => `${first} à ${last} sur ${count}`,
    previous: 'Fichiers précédents',
    next: 'Fichiers suivants',
    originalName: (name) => `nom d’origine : ${name}`,
    manifest: 'Tous les noms, tailles et empreintes en JSON',
    noFiles: 'Cet ensemble ne contient aucun fichier.',
    verify: 'Vérifier que rien n’a été modifié',
    windows: 'Sous Windows, README.txt, dans l’ensemble, donne les commandes.',
    commandLine: 'Télécharger en ligne de commande',
    commandLineText:
      'Pour les très grands ensembles. Copiez votre lien, avec son long code, depuis le message reçu et collez-le entre les guillemets. Si le téléchargement est interrompu, relancez la dernière ligne : il reprend où il s’est arrêté.',
    linkPlaceholder: 'collez votre lien ici',
    passphrasePlaceholder: 'la phrase secrète',
  },
};
