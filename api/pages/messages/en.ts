import { accessEn } from './access-en.ts';

import { inviteNoticesEn, invitesEn } from './invites-en.ts';
import { requestNoticesEn, requestsEn } from './requests-en.ts';

/** What the pages say, in English; the other languages have the same keys. */
export const en = {
  product: 'Casebridge',
  landing: {
    title: 'Files have been shared with you',
    text: 'Somebody uses Casebridge to share a package of files with you. Open it to see what it holds and to download it.',
    passphrase: 'Passphrase',
    passphraseHint:
      'The sender protects this package with a passphrase and gives it to you separately.',
    passphraseWrong: 'That is not the passphrase of this package. Check it and try again.',
    open: 'Open the package',
    note: 'Opening it is recorded by the sender’s organization. Only whoever has this link can open it: do not pass it on.',
  },
  requests: requestsEn,
  invites: invitesEn,
  notices: {
    ...requestNoticesEn,
    ...inviteNoticesEn,
    expired: {
      title: 'This link has expired',
      text: 'The time for which the package was shared is over. If you still need it, ask the person who sent you the link to share it again.',
    },
    revoked: {
      title: 'This link was withdrawn',
      text: 'The sender no longer shares this package. If you think that this is a mistake, ask the person who sent you the link.',
    },
    used_up: {
      title: 'This link has been used up',
      text: 'The package was shared for a limited number of downloads, and all of them have been taken. If you still need it, ask the person who sent you the link to share it again.',
    },
    failed: {
      title: 'This package could not be prepared',
      text: 'Something went wrong with its files before it was ready, and the sender has been told. Ask the person who sent you the link to share it again.',
    },
    preparing: {
      title: 'This package is not ready yet',
      text: 'Its files are still being checked. Your link is fine: come back to it in a few minutes.',
    },
    unknown: {
      title: 'There is nothing at this address',
      text: 'The link may be incomplete: some mail programs break long links in two. Copy the whole link from the message that you got, and open it again.',
    },
    no_session: {
      title: 'Open your link again',
      text: 'This page opens only after your link was opened in this browser. Go back to the message that you got, and open the link in it.',
    },
    cross_site: {
      title: 'Open your link yourself',
      text: 'Another site tried to open this package for you. Go back to the message that you got, and open the link in it.',
    },
    too_many_requests: {
      title: 'Too many tries',
      text: 'Wait some minutes, then try again. If a passphrase is asked for, check it with the sender.',
    },
    unavailable: {
      title: 'Not available at the moment',
      text: 'The package cannot be opened just now. Nothing is lost: try again in a few minutes.',
    },
    internal: {
      title: 'Something went wrong on our side',
      text: 'It has been recorded, and nothing of the package was changed. Try again in a few minutes.',
    },
    access_expired: {
      title: 'Your access has ended',
      text: 'The time for which the case was shared with you is over. If you still need it, ask the person who gave you access for more time.',
    },
    access_revoked: {
      title: 'Your access was withdrawn',
      text: 'The case is no longer shared with you. If you think that this is a mistake, ask the person who gave you access.',
    },
    sign_in_needed: {
      title: 'You are not signed in',
      text: 'Your sign-in is over, or you have not signed in yet in this browser.',
    },
    sign_in_refused: {
      title: 'You could not be signed in',
      text: 'The sign-in was cancelled, or your organization knows you by another address than the one that was given access. You can try again.',
    },
    sign_in_unavailable: {
      title: 'Your organization cannot sign you in at the moment',
      text: 'The service that signs you in does not answer. Nothing is lost: try again in a few minutes.',
    },
  },
  tryAgain: 'Try again',
  access: accessEn,
  shared: {
    eyebrow: (organization: string) => `Shared by ${organization}`,
    heading: (caseNumber: string) => `Case ${caseNumber}`,
    download: 'Download everything',
    formats: {
      zip: {
        note: (size: string) =>
          `One ZIP file of ${size}. A download that is interrupted can be resumed.`,
        size: 'Size of the ZIP file',
        windows: 'Windows 10 and later: right-click the file and choose “Extract all”.',
        macos: 'macOS 10.15 and later: double-click the file.',
        linux: 'Open it in the file manager, or run unzip.',
        verify:
          'Each file has a fingerprint (SHA-256). Unpack the ZIP file, open a terminal where you unpacked it, and let your computer compare them. If no line appears, every file is exactly the one that was shared.',
      },
      iso: {
        note: (size: string) =>
          `One ISO image of ${size}. A download that is interrupted can be resumed.`,
        size: 'Size of the ISO image',
        windows:
          'Windows 10 and later: double-click the file. It appears as a drive; nothing has to be unpacked.',
        macos: 'Double-click the file. It appears as a disc; nothing has to be unpacked.',
        linux: 'Open it in the file manager as a disk image, or mount it: sudo mount -o loop,ro.',
        verify:
          'Each file has a fingerprint (SHA-256). Open the ISO image, open a terminal on the disc that appears, and let your computer compare them. If no line appears, every file is exactly the one that was shared.',
      },
    },
    files: 'Files',
    totalSize: 'Size of the files',
    expires: 'Available until',
    fileCount: (count: string, one: boolean) => (one ? '1 file' : `${count} files`),
    showing: (first: string, last: string, count: string) => `${first} to ${last} of ${count}`,
    previous: 'Previous files',
    next: 'Next files',
    originalName: (name: string) => `originally ${name}`,
    manifest: 'All names, sizes and fingerprints as JSON',
    noFiles: 'This package holds no files.',
    verify: 'Check that nothing was changed',
    opening: 'Open the package',
    certificate:
      'Beside the files there are a certificate of what was shared (certificate.html, to read and to print), what is known of the case and its evidence (evidence.csv for spreadsheets, case.json for programs) and README.txt, which explains it all.',
    commandLine: 'Download on the command line',
    commandLineText:
      'For very large packages. Copy your link, with the long code in it, from the message that you got, and put it between the quotes. If the download is interrupted, run the last line again: it goes on where it stopped.',
    wgetPassphrase: 'In the passphrase write %25 for %, %26 for & and %2B for +.',
    aria2c: 'Fetches several pieces at once. curl opens the link for it.',
    linkPlaceholder: 'paste your link here',
    passphrasePlaceholder: 'the passphrase',
  },
};
