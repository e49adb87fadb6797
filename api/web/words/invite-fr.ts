import type { InviteUploaderWords, InviteWords } from './invite-words.ts';

const files = (count: number, shown: string) =>
  count < 2 ? `${shown} fichier` : `${shown} fichiers`;

export const inviteFr: InviteWords = {
  title: 'Remettre',
  list: 'Vos fichiers',
  total: (count, shown, size) => `${files(count, shown)}, ${size}`,
  submit: 'Remettre',
  notYet:
    'Vos fichiers ne sont pas encore remis. Sélectionnez Remettre plus bas lorsque vous les avez tous envoyés.',
  goToEnd: 'Aller à Remettre',
  nothing: 'Choisissez et envoyez d’abord vos fichiers. Remettez-les ensuite ici.',
  waiting: 'Attendez que tous les fichiers soient reçus et vérifiés.',
  listed: (count, shown) =>
    count === 1
      ? '1 fichier choisi, mais pas encore envoyé. Envoyez-le ou retirez-le d’abord.'
      : `${shown} fichiers choisis, mais pas encore envoyés. Envoyez-les ou retirez-les d’abord.`,
  failed: (count, shown) =>
    count === 1
      ? '1 fichier n’a pas pu être reçu. Revenez en arrière, plus haut, pour réessayer ou le laisser de côté.'
      : `${shown} fichiers n’ont pas pu être reçus. Revenez en arrière, plus haut, pour réessayer ou les laisser de côté.`,
  unfinished: (count, shown) =>
    count === 1
      ? '1 fichier n’a été envoyé qu’en partie. Choisissez à nouveau le même fichier plus haut, ou retirez-le.'
      : `${shown} fichiers n’ont été envoyés qu’en partie. Choisissez à nouveau les mêmes fichiers plus haut, ou retirez-les.`,
  ready:
    'Tout est reçu et vérifié. Remettre le transmet ; ensuite, plus rien ne peut être modifié.',
  inPart: 'Envoyé en partie seulement',
  submitting: 'Remise en cours …',
  again:
    'La connexion est interrompue. La remise est retentée d’elle-même : gardez cette page ouverte.',
  removing: (name) => `Retirer ${name}`,
  removed: (name) => `${name} a été retiré`,
  notRemoved: 'Il n’a pas pu être retiré. Réessayez.',
  changed: 'Quelque chose a changé entre-temps. Vérifiez la liste et remettez à nouveau.',
  wrong: 'La remise n’a pas réussi. Réessayez dans un instant.',
  check: 'Veuillez vérifier ce que vous avez saisi à propos de vous.',
  faults: {
    required: 'Veuillez remplir ce champ.',
    email: 'Ce n’est pas une adresse e-mail. Vérifiez-la.',
    phone: 'Écrivez le numéro avec l’indicatif du pays, en commençant par +.',
    dateOfBirth: 'Ce n’est pas une date passée. Vérifiez-la.',
    other: 'Cela ne peut pas être accepté. Vérifiez-le.',
  },
};

export const inviteUploaderFr: InviteUploaderWords = {
  results: {
    unconfirmed: (count, shown) =>
      `${files(count, shown)} : envoyé, mais la vérification n’était pas terminée à la fin du lien.`,
    duplicateNote:
      'Vous avez déjà envoyé ces fichiers, octet pour octet. Ils ne sont remis qu’une fois.',
  },
  failures: {
    'too-many-files':
      'Il y a déjà autant de fichiers que l’on peut remettre à la fois. Retirez-en d’autres d’abord.',
    'too-many-bytes':
      'L’ensemble des fichiers dépasserait ce qui peut être remis. Retirez-en d’autres d’abord, ou compressez celui-ci.',
    quarantined: 'Une analyse y a trouvé un élément dangereux. Il ne peut pas être remis.',
    closed: 'La collecte a été close avant que le fichier ne soit complet.',
    used_up: 'Des fichiers ont déjà été remis. Ce lien n’accepte plus rien.',
  },
  shut: {
    closed: {
      title: 'Plus rien n’est recueilli ici',
      text: 'La collecte a été close. Merci de votre aide.',
    },
    expired: {
      title: 'Le lien a expiré',
      text: 'Plus rien n’est accepté. Demandez un nouveau lien à la personne qui vous l’a envoyé.',
    },
  },
  expiredNote: (until) =>
    `Le lien a expiré : rien de nouveau n’est accepté. Ce qui a été commencé avant peut être terminé et remis jusqu’au ${until} : choisissez à nouveau les mêmes fichiers.`,
};
