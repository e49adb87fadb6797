import { accessFr } from './access-fr.ts';
import { inviteNoticesFr, invitesFr } from './invites-fr.ts';
import type { Messages } from './messages.ts';
import { requestNoticesFr, requestsFr } from './requests-fr.ts';

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
  requests: requestsFr,
  invites: invitesFr,
  notices: {
    ...requestNoticesFr,
    ...inviteNoticesFr,
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
    access_expired: {
      title: 'Votre accès a pris fin',
      text: 'La période pendant laquelle l’affaire était partagée avec vous est terminée. Si vous en avez encore besoin, demandez plus de temps à la personne qui vous a donné accès.',
    },
    access_revoked: {
      title: 'Votre accès a été retiré',
      text: 'L’affaire n’est plus partagée avec vous. Si vous pensez qu’il s’agit d’une erreur, adressez-vous à la personne qui vous a donné accès.',
    },
    sign_in_needed: {
      title: 'Vous n’êtes pas identifié',
      text: 'Votre session est terminée, ou vous ne vous êtes pas encore identifié dans ce navigateur.',
    },
    sign_in_refused: {
      title: 'Vous n’avez pas pu être identifié',
      text: 'L’identification a été annulée, ou votre organisation vous connaît sous une autre adresse que celle qui a reçu l’accès. Vous pouvez réessayer.',
    },
    sign_in_unavailable: {
      title: 'Votre organisation ne peut pas vous identifier pour le moment',
      text: 'Le service qui vous identifie ne répond pas. Rien n’est perdu : réessayez dans quelques minutes.',
    },
  },
  tryAgain: 'Réessayer',
  access: accessFr,
  shared: {
    eyebrow: (organization) => `Partagé par ${organization}`,
    heading: (caseNumber) => `Affaire ${caseNumber}`,
    download: 'Tout télécharger',
    formats: {
      zip: {
        note: (size) => `Un fichier ZIP de ${size}. Un téléchargement interrompu peut être repris.`,
        size: 'Taille du fichier ZIP',
        windows:
          'Windows 10 et versions ultérieures : faites un clic droit sur le fichier, puis « Extraire tout ».',
        macos: 'macOS 10.15 et versions ultérieures : double-cliquez sur le fichier.',
        linux: 'Ouvrez-le dans le gestionnaire de fichiers ou lancez unzip.',
        verify:
          'Chaque fichier a une empreinte (SHA-256). Décompressez le fichier ZIP, ouvrez un terminal à cet endroit et laissez votre ordinateur les comparer. Si aucune ligne n’apparaît, chaque fichier est exactement celui qui a été partagé.',
      },
      iso: {
        note: (size) => `Une image ISO de ${size}. Un téléchargement interrompu peut être repris.`,
        size: 'Taille de l’image ISO',
        windows:
          'Windows 10 et versions ultérieures : double-cliquez sur le fichier. Il apparaît comme un lecteur ; il n’y a rien à décompresser.',
        macos:
          'Double-cliquez sur le fichier. Il apparaît comme un disque ; il n’y a rien à décompresser.',
        linux:
          'Ouvrez-le dans le gestionnaire de fichiers comme image disque, ou montez-le : sudo mount -o loop,ro.',
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
    opening: 'Ouvrir l’ensemble',
    certificate:
      'À côté des fichiers se trouvent un certificat de ce qui a été partagé (certificate.html, à lire et à imprimer), ce que l’on sait de l’affaire et de ses preuves (evidence.csv pour les tableurs, case.json pour les programmes) et README.txt, qui explique le tout en anglais.',
    commandLine: 'Télécharger en ligne de commande',
    commandLineText:
      'Pour les très grands ensembles. Copiez votre lien, avec son long code, depuis le message reçu et collez-le entre les guillemets. Si le téléchargement est interrompu, relancez la dernière ligne : il reprend où il s’est arrêté.',
    wgetPassphrase: 'Dans la phrase secrète, écrivez %25 pour %, %26 pour & et %2B pour +.',
    aria2c: 'Télécharge plusieurs parties à la fois. curl ouvre le lien pour lui.',
    linkPlaceholder: 'collez votre lien ici',
    passphrasePlaceholder: 'la phrase secrète',
  },
};
