/** What the pages of community requests say, in English; the other languages have the same keys. */
export const invitesEn = {
  landing: {
    title: (organization: string) => `${organization} asks you for photos, videos or other files`,
    text: 'You can send them here from your phone or computer, directly and safely.',
    open: 'Open the page',
    note: 'Only whoever has this link can open it: do not pass it on. Files can be handed in through it once.',
  },
  terms: {
    title: 'Before you begin',
    text: (organization: string) => `Please read the terms and conditions of ${organization}.`,
    accept: 'I accept, continue',
    note: 'If you do not accept them, close this page. Nothing is sent.',
  },
  page: {
    heading: (organization: string) => `Send files to ${organization}`,
    reference: 'Reference',
    until: 'You can send files until',
    steps:
      'Choose your files and upload them. Then select Submit at the end of the page: only then are they handed in.',
    expired:
      'The link has expired. What you began to send can be finished and handed in; nothing new is taken.',
    most: (files: string, file: string, total: string) =>
      `Up to ${files} files, ${file} for each file and ${total} in all.`,
    types: 'File types that are taken',
  },
  contact: {
    title: 'About you',
    optional: 'optional',
    required: 'required',
    firstName: 'First name',
    lastName: 'Last name',
    email: 'E-mail address',
    phone: 'Mobile number',
    phoneHint: 'With the country code, such as +1 555 0100 200.',
    dateOfBirth: 'Date of birth',
    known: 'We have your other details already.',
  },
  faultsTitle: 'Please check what you entered',
  handIn: {
    needsScript: 'Sending files needs JavaScript, which is switched off in this browser.',
  },
  receipt: {
    title: 'Thank you. Your files were handed in',
    text: (organization: string) => `${organization} has received everything that is listed here.`,
    at: 'Handed in',
    number: 'Receipt number',
    to: 'Received by',
    files: (count: string, one: boolean) => (one ? '1 file' : `${count} files`),
    sha256: 'SHA-256',
    sha256Note:
      'The SHA-256 of a file is its fingerprint. It was computed from what arrived here: whoever has the file can check with it that nothing has changed.',
    caption: 'Your caption',
    print:
      'Keep this page: print it, or save it as a PDF in the menu of your browser. In this browser you can open it again with your link.',
  },
  showReceipt: 'Show my receipt',
  publicPage: {
    title: (organization: string) => `Send files to ${organization}`,
    text: 'Leave your contact details, and a private link is sent to you. With it you send your photos, videos and other files.',
    limits: (files: string, file: string, total: string) =>
      `With the link you can send up to ${files} files, ${file} for each file and ${total} in all.`,
    delivery: 'How do you want to get the link?',
    byEmail: 'By e-mail',
    bySms: 'By text message',
    send: 'Send me the link',
    note: 'The link works for 10 days, and files can be handed in through it once.',
    notStored: 'Your address is used to send you the link and reminders of it, and is then erased.',
  },
  sent: {
    title: 'Check your messages',
    email:
      'A link is on its way to your e-mail address. It may take some minutes; look into your junk mail too.',
    sms: 'A link is on its way to your phone. It may take some minutes.',
    again: 'Nothing came? Check the address and ask again',
  },
};

/** Pages that say why a link opens nothing. */
export const inviteNoticesEn = {
  invite_expired: {
    title: 'This link has expired',
    text: 'Nothing more is taken through it. If you still have files to send, ask whoever sent you the link for a new one.',
  },
  invite_superseded: {
    title: 'A newer link has replaced this one',
    text: 'Open the link in the latest message that you got.',
  },
  invite_closed: {
    title: 'Nothing more is collected here',
    text: 'The collection is closed. Thank you for your help.',
  },
  invite_used_up: {
    title: 'Files were handed in through this link',
    text: 'It takes nothing more. If you have other files to send, ask whoever sent you the link for a new one.',
  },
  portal_closed: {
    title: 'Nothing more is collected here',
    text: 'The collection is closed. Thank you for your help.',
  },
};
