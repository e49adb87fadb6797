/**
 * The certificate of what was shared, to read on any screen and to print: one file that loads nothing
 * and runs nothing. Its bytes belong to format version 2, so nothing in it may depend on the locale or
 * on a release of Unicode.
 */
import { escapeHtml } from '../escape-html.ts';
import { AUDIT_METHOD, HASH_METHOD } from './certificate.ts';
import { CERTIFICATE_STYLE } from './certificate-style.ts';
import { type DescribedFile, type DescribedManifest, totalSize } from './manifest.ts';
import { linesFile, type TagFile } from './tag-file.ts';

/** `certificate.html`. */
export function certificatePage(manifest: DescribedManifest): TagFile {
  return linesFile('certificate.html', {
    before: pageHead(manifest),
    items: manifest.files,
    line: fileRows,
    after: '</table>\n</main>\n</body>\n</html>\n',
  });
}

function pageHead(manifest: DescribedManifest): string {
  const { sharing, organization, files } = manifest;
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['Shared by', `${text(sharing.sharedBy.name)}<br>${text(organization.name)}`],
    ['Shared on', `<time datetime="${manifest.createdAt}">${instant(manifest.createdAt)}</time>`],
    ['Case', `${text(manifest.case.number)}<br>${text(manifest.case.title)}`],
    ['Content', SCOPES[sharing.scope]],
    ['Files', `${grouped(files.length)}, together ${bytes(totalSize(manifest))}`],
    ['Share', `<code>${text(manifest.shareId)}</code>`],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate of what was shared – case ${text(manifest.case.number)}</title>
<style>${CERTIFICATE_STYLE}</style>
</head>
<body>
<main>
<h1>Certificate of what was shared</h1>
<dl>
${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('\n')}
</dl>
<h2>How the hashes were made</h2>
<p>${HASH_METHOD} Whoever has a file can compute its SHA-256 again: if it is the one below, the file is the same to the last byte. <code>README.txt</code> beside this certificate has the commands.</p>
<h2>Position in the audit</h2>
<p class="position">Event <strong>${grouped(sharing.audit.sequence)}</strong><br><code>${sharing.audit.hash}</code></p>
<p>${AUDIT_METHOD}</p>
<h2>What was shared</h2>
<table>
<thead>
<tr><th scope="col">No.</th><th scope="col">Evidence</th><th scope="col">Original file name</th><th scope="col">File in this package</th><th scope="col">Bytes</th></tr>
</thead>
`;
}

const SCOPES = {
  entire_case: 'All evidence that the case had',
  selected: 'A selection of the case’s evidence',
} as const;

function fileRows(file: DescribedFile, index: number): string {
  const { evidence, originalName, path, size, sha256 } = file;
  return `<tbody><tr><th scope="row">${grouped(index + 1)}</th><td>${text(evidence.evidenceNumber)}<br>${text(evidence.title)}</td><td>${text(originalName)}</td><td>${text(`data/${path}`)}</td><td>${grouped(size)}</td></tr>
<tr><td colspan="5">SHA-256 <code>${sha256}</code></td></tr></tbody>
`;
}

/**
 * Characters that show nothing, or turn what follows: controls, soft hyphen, marks of direction,
 * zero-width space, annotations, tags. They are shown by number. Joiners stay: scripts need them.
 */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Text of ours to none: escaped, its invisible characters shown, its direction kept to itself. */
function text(value: string): string {
  if (/^[\w ./:()-]*$/.test(value)) return `<bdi>${value}</bdi>`;
  const shown = value.toWellFormed().replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return `<bdi>${escapeHtml(shown)}</bdi>`;
}

/** "1,234,567", in every locale. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function bytes(value: number): string {
  return value === 1 ? '1 byte' : `${grouped(value)} bytes`;
}

/** "2026-03-14 09:26:53 UTC". */
function instant(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
