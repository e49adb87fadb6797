/** `README.txt` of an archive: for a recipient who has no tools and has heard of none. */
import type { ArchiveManifest } from './manifest.ts';
import { VERIFY_COMMANDS } from './verify-commands.ts';

/** Keeps names from the case on one line of the text. */
function oneLine(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** What archives of format version 2 hold in addition. */
const DESCRIBED = `\
  certificate.html         what was shared, by whom and when: to read and to print
  certificate.json         the same for programs
  evidence.csv             a line about each piece of evidence, for spreadsheets
  case.csv, case.json      the case, and all of the above for programs
`;

/** The text of `README.txt`, 80 columns where names allow it. */
export function readme(manifest: ArchiveManifest): string {
  const { number, title } = manifest.case;
  const described = manifest.formatVersion === 2 ? DESCRIBED : '';
  const count = manifest.files.length === 1 ? '1 file' : `${manifest.files.length} files`;
  return `Evidence of case ${oneLine(number)}: ${oneLine(title)}
Shared by ${oneLine(manifest.organization.name)} on ${new Date(manifest.createdAt).toISOString()}
Share ${manifest.shareId}, ${count}

WHAT IS HERE

  data/                    the evidence, each file unchanged
${described}  manifest-sha256.txt      the fingerprint (SHA-256) of each file in data/
  tagmanifest-sha256.txt   the fingerprints of the files beside this one
  bag-info.txt, bagit.txt  who made this package, when, and by which standard

Some files may have a slightly different name than they had originally, because
Windows, macOS and Linux do not allow the same characters. Their content is the
same to the last byte.

HOW TO CHECK THAT NOTHING WAS CHANGED

Open a terminal in the folder that holds this file, then:

  Linux:    ${VERIFY_COMMANDS.linux}

  macOS:    ${VERIFY_COMMANDS.macos}

  Windows (PowerShell):

${VERIFY_COMMANDS.windows.map((line) => `    ${line}`).join('\n')}

If no line appears, every file is exactly the one that was shared.

This package is a BagIt bag (RFC 8493); tools for that standard check it as a
whole, for example:  bagit.py --validate .
`;
}
