/** What the uploader says, in English; the other languages have the same keys. */
const files = (count: number, shown: string) => (count === 1 ? '1 file' : `${shown} files`);

export const en = {
  title: 'Upload your files',
  needsScript:
    'Uploading needs JavaScript, which is switched off in this browser. Switch it on and load this page again, or open your link in another browser.',
  drop: 'Drag files or folders here, or choose them:',
  dropNow: 'Drop them to add them to the list',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  reading: 'Reading the folder …',
  largest: (size: string) => `Up to ${size} for each file.`,
  ready: (count: number, shown: string, size: string) =>
    `${files(count, shown)}, ${size}, ready to upload`,
  notSentYet: 'Nothing has been sent yet. Check the list, then select Upload.',
  upload: (count: number, shown: string) => `Upload ${files(count, shown)}`,
  remove: (name: string) => `Remove ${name} from the list`,
  removeShort: 'Remove',
  removeAll: 'Remove all',
  cancel: (name: string) => `Cancel the upload of ${name}`,
  cancelShort: 'Cancel',
  retry: (name: string) => `Try again: ${name}`,
  retryShort: 'Try again',
  caption: 'Caption (optional)',
  captionOf: (name: string) => `Caption of ${name} (optional)`,
  pauseFile: (name: string) => `Pause ${name}`,
  resumeFile: (name: string) => `Resume ${name}`,
  removed: (name: string) => `${name} was removed`,
  list: 'Files',
  now: 'On the way now',
  previous: 'Previous files',
  next: 'Next files',
  showing: (first: string, last: string, count: string) => `${first} to ${last} of ${count}`,
  refused: (count: number, shown: string) => `${files(count, shown)} cannot be taken`,
  refusedNote: 'The other files are not affected.',
  dismiss: 'Understood',
  leftOut: (count: number, shown: string) =>
    count === 1
      ? 'One hidden system file was left out.'
      : `${shown} hidden system files were left out.`,
  alreadyListed: (count: number, shown: string) =>
    count === 1 ? 'One file was in the list already.' : `${shown} files were in the list already.`,
  nothingFound: 'There are no files in it.',
  added: (count: number, shown: string) => `${files(count, shown)} added to the list`,
  refusals: {
    type: (extension: string) =>
      extension === ''
        ? 'Its name has no file type at its end (such as .mp4). Add the right one, or convert the file to a supported type.'
        : `Files of type .${extension} are not supported. Convert it to a supported type and choose it again.`,
    size: (size: string, largest: string) =>
      `It has ${size}; up to ${largest} are taken. Compress it or split it into smaller files.`,
    count: (files: string) =>
      `Up to ${files} files are taken in all. Put several files into one archive, and choose that.`,
    name: 'Its name is too long or has invisible characters. Rename the file and choose it again.',
    unreadable: 'It could not be read. Check that it can be opened, and choose it again.',
  },
  states: {
    listed: 'Ready',
    waiting: 'Waiting',
    elsewhere: 'Being sent by another tab',
    opening: 'Starting',
    sending: (percent: string) => `${percent} sent`,
    troubled: 'Connection lost, trying again',
    completing: 'Finishing',
    verifying: 'Sent. Being checked …',
    verified: 'Received and checked',
    duplicate: 'Duplicate: it was received before',
    unconfirmed: 'Sent. Its check goes on without this page',
    failed: 'Failed',
    paused: 'Paused',
  },
  overall: 'Overall progress',
  sentOf: (sent: string, total: string) => `${sent} of ${total}`,
  filesDone: (done: string, count: string) => `${done} of ${count} files done`,
  speed: (size: string) => `${size} per second`,
  left: (time: string) => `about ${time} left`,
  soon: 'nearly done',
  checking: (count: number, shown: string) =>
    count === 1 ? 'One file is being checked.' : `${shown} files are being checked.`,
  pause: 'Pause',
  resume: 'Resume',
  paused: 'Paused. What has been sent stays: select Resume to go on.',
  keepOpen:
    'Keep this page open until all files are checked. If it closes, open your link again and choose the same files: they go on where they stopped.',
  trouble:
    'The connection is interrupted. Nothing is lost: sending goes on by itself as soon as it is back.',
  offline: 'Your device is offline. Nothing is lost: sending goes on by itself when it is back.',
  elsewhere:
    'Another tab or window of this browser is sending some of these files. Go on there. If it stops or is closed, this page goes on with them by itself.',
  tryNow: 'Try now',
  unfinished: (count: number, shown: string) =>
    `${files(count, shown)} sent only in part so far. Choose the same ${count === 1 ? 'file' : 'files'} again to go on where the upload stopped:`,
  andMore: (shown: string) => `and ${shown} more`,
  results: {
    done: (count: number, shown: string) => `${files(count, shown)} received and checked`,
    none: 'No file was received',
    at: (instant: string) => `Completed on ${instant}`,
    some: 'Not all files were received',
    failed: (count: number, shown: string) => `${shown} failed`,
    duplicate: (count: number, shown: string) =>
      count === 1 ? '1 duplicate' : `${shown} duplicates`,
    unconfirmed: (count: number, shown: string) =>
      `${files(count, shown)} sent, but the check was not finished when the link ended. The activity log will show it.`,
    duplicateNote:
      'These files were received through this request before, byte for byte. They are kept once, and you need not send them again.',
    adviceTitle: 'What you can do',
    advice: [
      'Make sure that your internet connection is stable.',
      'Check the size and the type of the file. One that is too large or not supported has to be compressed, split or converted first.',
      'Go back, change what is needed, and send the files again.',
    ],
    back: 'Go back',
    more: 'Upload more files',
    log: 'Activity log',
    csv: 'Download the activity log (CSV)',
  },
  failures: {
    'file-unreadable':
      'The file was changed, moved or removed after you chose it. Go back and choose it again.',
    'file-too-large': 'The file is too large. Compress it or split it into smaller files.',
    'file-type-not-supported': 'Files of this type are not supported. Convert it first.',
    'content-not-supported':
      'What is in the file is not what its name says, and is not supported. Convert it first.',
    'too-many-files':
      'This request has as many files as it takes. Put several files into one archive, or ask the sender of the request.',
    'validation-failed': 'Its name cannot be taken. Rename the file and choose it again.',
    'wrong-size': 'It did not arrive whole. Send it again.',
    'wrong-sha256': 'It arrived damaged. Send it again.',
    'object-missing': 'It did not arrive. Send it again.',
    'parts-refused': 'It could not be put together. Send it again.',
    'given-up': 'The upload was given up. Send it again.',
    quarantined:
      'The check for malware did not let it through. It is kept apart until somebody decides: you need not send it again.',
    expired: 'The link has expired: nothing new is taken.',
    closed: 'The request was closed before the file was complete.',
    superseded: 'A newer link has replaced this one. Open it and send the file there.',
    'signed-out': 'This page is not signed in any more. Open your link again.',
  } as Readonly<Record<string, string>>,
  failure: (detail: string) => `Something went wrong: ${detail}`,
  shut: {
    closed: {
      title: 'The request has been closed',
      text: 'Nothing more is taken. What you sent completely before is kept. You get a link to the activity log by mail.',
    },
    superseded: {
      title: 'A newer link has replaced this one',
      text: 'Open the link of the latest message that you got. What was sent in part goes on there when you choose the same files again.',
    },
    expired: {
      title: 'The link has expired',
      text: 'Nothing more is taken. Load this page again to ask for access.',
    },
    used_up: {
      title: 'Your files were handed in',
      text: 'Nothing more is taken through this link. Load this page again to see the receipt.',
    },
    'signed-out': {
      title: 'This page is not signed in any more',
      text: 'Open your link again, and choose the same files: they go on where they stopped.',
    },
  },
  expiredNote: (until: string) =>
    `The link has expired: nothing new is taken. What was begun before may be finished until ${until}: choose the same files again. To send other files, refresh your access with the link in your message.`,
  notAvailable: 'The uploader could not be started. Load this page again.',
  announce: {
    started: (count: number, shown: string) => `The upload of ${files(count, shown)} has begun.`,
    quarter: 'A quarter is sent.',
    half: 'Half is sent.',
    threeQuarters: 'Three quarters are sent.',
    sent: 'Everything is sent and is being checked.',
    resumed: 'The connection is back. Sending goes on.',
  },
};
