/** What the pages of trusted upload say, in English; the other languages have the same keys. */
export const requestsEn = {
  landing: {
    title: (organization: string) => `${organization} asks you for evidence`,
    text: 'You can upload files here, safely and directly. Open the upload page to see what is asked for.',
    open: 'Open the upload page',
    note: 'Opening it is recorded. Only whoever has this link can open it: do not pass it on.',
  },
  logLanding: {
    title: 'Activity log',
    text: (organization: string) =>
      `Open the activity log of the request that ${organization} sent to you.`,
    open: 'View the activity log',
  },
  refresh: 'Refresh Access',
  mailLog: 'Mail me the activity log',
  asked: {
    title: 'Check your mail',
    text: 'If there is something to send, a message is on its way to the address that the request was made to. It may take some minutes; ask again after ten.',
  },
  page: {
    heading: (organization: string) => `Evidence for ${organization}`,
    sender: 'Asked by',
    note: 'Note',
    until: 'You can upload until',
    expired:
      'Your access has expired. You can finish the files that you began to send, but begin no new ones. To send more, open the link in your mail and ask for access again.',
    types: 'Supported file types',
    log: 'Activity log',
  },
  log: {
    heading: 'Activity log',
    allEvents: 'All events',
    items: 'Files received',
    last: 'Last received',
    none: 'Nothing was received yet.',
    time: 'Time',
    actor: 'By',
    event: 'Event',
    file: 'File',
    size: 'Size',
    sha256: 'Fingerprint (SHA-256)',
    outcome: 'Outcome',
    csv: 'Download as a table (CSV)',
    pdf: 'Download as a document (PDF)',
    later: 'Later events',
    back: 'Back to the request',
    outcomes: { done: 'done', refused: 'refused', failed: 'failed' },
    events: {
      'request.created': 'Request made',
      'request.invited': 'Invitation sent',
      'request.reminded': 'Reminder sent',
      'request.resent': 'Invitation sent again',
      'request.refreshed': 'Access refreshed',
      'request.extended': 'Request extended',
      'request.opened': 'Link opened',
      'request.expired': 'Access expired',
      'request.closed': 'Request closed',
      'request.refused': 'Attempt refused',
      'request.log_asked': 'Activity log asked for',
      'request.log_opened': 'Activity log opened',
      'upload.begun': 'Upload begun',
      'upload.aborted': 'Upload given up',
      'upload.abandoned': 'Upload abandoned',
      'evidence.uploaded': 'Upload completed',
      'evidence.verified': 'File verified',
      'evidence.duplicate': 'File was there already',
      'evidence.rejected': 'File refused',
      'evidence.quarantined': 'File put into quarantine',
      'evidence.released': 'File released from quarantine',
      'trusted_user.removed': 'Trusted user removed',
      'audit.exported': 'Activity log downloaded',
    } as Readonly<Record<string, string>>,
  },
};

/** Pages that say why a link of a request opens nothing. */
export const requestNoticesEn = {
  request_expired: {
    title: 'Access expired',
    text: 'Your access to the upload page has expired. Refresh it, and a link that works is mailed to you.',
  },
  request_superseded: {
    title: 'A newer link has replaced this one',
    text: 'Open the link in the latest message that you got. If you cannot find it, have it mailed again.',
  },
  request_closed: {
    title: 'This request is closed',
    text: 'Nothing more can be uploaded. What you sent before is kept.',
  },
  log_expired: {
    title: 'This link has expired',
    text: 'The link to the activity log worked for 30 days. Open the link of the request itself to have a new one mailed.',
  },
};
