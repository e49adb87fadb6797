import type { inviteNoticesEn, invitesEn } from './invites-en.ts';

export const invitesFr: typeof invitesEn = {
  landing: {
    title: (organization) => `${organization} vous demande des photos, vidéos ou autres fichiers`,
    text: 'Vous pouvez les envoyer ici depuis votre téléphone ou votre ordinateur, directement et en toute sécurité.',
    open: 'Ouvrir la page',
    note: 'Seule la personne qui a ce lien peut l’ouvrir : ne le transmettez pas. Il ne permet de remettre des fichiers qu’une seule fois.',
  },
  terms: {
    title: 'Avant de commencer',
    text: (organization) => `Veuillez lire les conditions générales de ${organization}.`,
    accept: 'J’accepte, continuer',
    note: 'Si vous ne les acceptez pas, fermez cette page. Rien n’est envoyé.',
  },
  page: {
    heading: (organization) => `Envoyer des fichiers à ${organization}`,
    reference: 'Référence',
    until: 'Vous pouvez envoyer des fichiers jusqu’au',
    steps:
      'Choisissez vos fichiers et envoyez-les. Sélectionnez ensuite Remettre en bas de la page : ils ne sont remis qu’à ce moment-là.',
    expired:
      'Le lien a expiré. Ce que vous aviez commencé à envoyer peut être terminé et remis ; rien de nouveau n’est accepté.',
    most: (files, file, total) =>
      `Jusqu’à ${files} fichiers, ${file} par fichier et ${total} au total.`,
    types: 'Types de fichiers acceptés',
  },
  contact: {
    title: 'À propos de vous',
    optional: 'facultatif',
    required: 'obligatoire',
    firstName: 'Prénom',
    lastName: 'Nom',
    email: 'Adresse e-mail',
    phone: 'Numéro de mobile',
    phoneHint: 'Avec l’indicatif du pays, par exemple +33 6 00 00 00 00.',
    dateOfBirth: 'Date de naissance',
    known: 'Nous avons déjà vos autres coordonnées.',
  },
  faultsTitle: 'Veuillez vérifier votre saisie',
  handIn: {
    needsScript: 'L’envoi de fichiers nécessite JavaScript, qui est désactivé dans ce navigateur.',
  },
  receipt: {
    title: 'Merci. Vos fichiers ont été remis',
    text: (organization) => `${organization} a reçu tout ce qui figure ici.`,
    at: 'Remis',
    number: 'Numéro de reçu',
    to: 'Reçu par',
    files: (count, one) => (one ? '1 fichier' : `${count} fichiers`),
    sha256: 'SHA-256',
    sha256Note:
      'Le SHA-256 d’un fichier est son empreinte. Elle a été calculée à partir de ce qui est arrivé ici : qui possède le fichier peut vérifier avec elle que rien n’a changé.',
    caption: 'Votre légende',
    print:
      'Conservez cette page : imprimez-la ou enregistrez-la en PDF depuis le menu du navigateur. Dans ce navigateur, vous pouvez la rouvrir avec votre lien.',
  },
  showReceipt: 'Afficher mon reçu',
  publicPage: {
    title: (organization) => `Envoyer des fichiers à ${organization}`,
    text: 'Laissez vos coordonnées et un lien privé vous sera envoyé. Il vous permettra d’envoyer vos photos, vidéos et autres fichiers.',
    limits: (files, file, total) =>
      `Avec le lien, vous pouvez envoyer jusqu’à ${files} fichiers, ${file} par fichier et ${total} au total.`,
    delivery: 'Comment souhaitez-vous recevoir le lien ?',
    byEmail: 'Par e-mail',
    bySms: 'Par SMS',
    send: 'M’envoyer le lien',
    note: 'Le lien fonctionne pendant 10 jours et ne permet de remettre des fichiers qu’une seule fois.',
    notStored: 'Votre adresse sert à vous envoyer le lien et des rappels, puis elle est effacée.',
  },
  sent: {
    title: 'Consultez vos messages',
    email:
      'Un lien est en route vers votre adresse e-mail. Cela peut prendre quelques minutes ; regardez aussi dans les indésirables.',
    sms: 'Un lien est en route vers votre téléphone. Cela peut prendre quelques minutes.',
    again: 'Rien n’est arrivé ? Vérifiez l’adresse et redemandez le lien',
  },
};

export const inviteNoticesFr: typeof inviteNoticesEn = {
  invite_expired: {
    title: 'Ce lien a expiré',
    text: 'Plus rien n’est accepté par ce lien. Si vous avez encore des fichiers à envoyer, demandez un nouveau lien à la personne qui vous l’a envoyé.',
  },
  invite_superseded: {
    title: 'Un lien plus récent remplace celui-ci',
    text: 'Ouvrez le lien du dernier message que vous avez reçu.',
  },
  invite_closed: {
    title: 'Plus rien n’est recueilli ici',
    text: 'La collecte est close. Merci de votre aide.',
  },
  invite_used_up: {
    title: 'Des fichiers ont été remis par ce lien',
    text: 'Il n’accepte plus rien. Si vous avez d’autres fichiers à envoyer, demandez un nouveau lien à la personne qui vous l’a envoyé.',
  },
  portal_closed: {
    title: 'Plus rien n’est recueilli ici',
    text: 'La collecte est close. Merci de votre aide.',
  },
};
