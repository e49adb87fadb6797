/** What the page of an invite says besides the uploader, in English; the other languages have the same keys. */
const files = (count: number, shown: string) => (count === 1 ? '1 file' : `${shown} files`);

export const inviteEn = {
  title: 'Hand in',
  list: 'Your files',
  total: (count: number, shown: string, size: string) => `${files(count, shown)}, ${size}`,
  submit: 'Submit',
  notYet:
    'Your files are not handed in yet. Select Submit below when you have uploaded all of them.',
  goToEnd: 'Go to Submit',
  nothing: 'Choose and upload your files first. Then hand them in here.',
  waiting: 'Wait until all files are received and checked.',
  listed: (count: number, shown: string) =>
    `${files(count, shown)} chosen, but not uploaded yet. Upload or remove ${count === 1 ? 'it' : 'them'} first.`,
  failed: (count: number, shown: string) =>
    `${files(count, shown)} could not be received. Go back above to try again, or to leave ${count === 1 ? 'it' : 'them'} out.`,
  unfinished: (count: number, shown: string) =>
    `${files(count, shown)} sent only in part. Choose the same ${count === 1 ? 'file' : 'files'} again above, or remove ${count === 1 ? 'it' : 'them'}.`,
  ready:
    'Everything is received and checked. Submit hands it in; after that nothing can be changed.',
  inPart: 'Sent only in part',
  submitting: 'Handing in …',
  again: 'The connection is interrupted. Handing in is tried again by itself: keep this page open.',
  removing: (name: string) => `Remove ${name}`,
  removed: (name: string) => `${name} was removed`,
  notRemoved: 'It could not be removed. Try again.',
  changed: 'Something has changed meanwhile. Check the list and submit again.',
  wrong: 'It could not be handed in. Try again in a moment.',
  check: 'Please check what you entered about yourself.',
  faults: {
    required: 'Please fill this in.',
    email: 'This is not an e-mail address. Check it.',
    phone: 'Write the number with its country code, beginning with +.',
    dateOfBirth: 'This is not a date in the past. Check it.',
    other: 'This cannot be taken. Check it.',
  },
};

/** What the uploader says otherwise for invites. */
export const inviteUploaderEn = {
  results: {
    unconfirmed: (count: number, shown: string) =>
      `${files(count, shown)} sent, but the check was not finished when the link ended.`,
    duplicateNote: 'You have sent these files already, byte for byte. They are handed in once.',
  },
  failures: {
    'too-many-files': 'There are as many files as can be handed in at once. Remove others first.',
    'too-many-bytes':
      'All files together would be larger than what can be handed in. Remove others first, or compress this one.',
    quarantined: 'A scanner found something harmful in it. It cannot be handed in.',
    closed: 'The collection was closed before the file was complete.',
    used_up: 'Files were handed in already. Nothing more is taken through this link.',
  },
  shut: {
    closed: {
      title: 'Nothing more is collected here',
      text: 'The collection was closed. Thank you for your help.',
    },
    expired: {
      title: 'The link has expired',
      text: 'Nothing more is taken. Ask whoever sent you the link for a new one.',
    },
  },
  expiredNote: (until: string) =>
    `The link has expired: nothing new is taken. What was begun before may be finished and handed in until ${until}: choose the same files again.`,
};
