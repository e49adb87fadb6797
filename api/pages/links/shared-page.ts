import type { ArchiveFormat } from '../../../domain/archive/manifest.ts';
import { VERIFY_COMMANDS } from '../../../domain/archive/verify-commands.ts';
import type { Language } from '../../../domain/identity/user.entity.ts';
import type { PackageFile } from '../../../domain/sharing/download-link/package-contents.ts';
import { exactSize } from '../exact-size.ts';
import { formatInstant, formatNumber, formatSize, formatUntil } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES, type Messages } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { visible } from '../visible.ts';
import { downloadLines, shellQuoted } from './download-lines.ts';

/** What the page of a package shows. */
export interface SharedPackage {
  readonly organization: string;
  readonly caseNumber: string;
  readonly title: string;
  readonly expiresAt: Date;
  readonly now: Date;
  readonly timeZone: string;
  readonly fileCount: number;
  readonly totalSize: number;
  readonly format: ArchiveFormat;
  readonly archiveSize: number;
  /** Those of this page, the first of which is at position `from` of all. */
  readonly files: readonly PackageFile[];
  readonly from: number;
  /** Files on a page. */
  readonly pageSize: number;
  /** The archive's top folder. */
  readonly folder: string;
  /** Of the package's page, without the origin. */
  readonly path: string;
  /** Of the package, with the origin and a file name at its end. */
  readonly namedAddress: string;
  readonly hasPassphrase: boolean;
  /** Whether a certificate and the case's metadata are in the archive. */
  readonly hasCertificate: boolean;
}

/** A package: what it holds, until when, how to get it and how to check it. */
export function sharedPage(language: Language, shared: SharedPackage): PageContent {
  const words = MESSAGES[language].shared;
  const format = words.formats[shared.format];
  const heading = words.heading(visible(shared.caseNumber));
  return {
    title: heading,
    body: html`<section class="card">
<p class="eyebrow">${words.eyebrow(visible(shared.organization))}</p>
<h1>${heading}<br><bdi>${visible(shared.title)}</bdi></h1>
${facts(language, words, shared)}
<p><a class="button" href="${shared.path}/package">${words.download}</a></p>
<p class="quiet">${format.note(formatSize(shared.archiveSize, language))}</p>
</section>
${fileList(language, words, shared)}
<section class="card">
<h2>${words.opening}</h2>
<dl class="systems">
<div><dt>Windows</dt><dd>${format.windows}</dd></div>
<div><dt>macOS</dt><dd>${format.macos}</dd></div>
<div><dt>Linux</dt><dd>${format.linux}</dd></div>
</dl>
${shared.hasCertificate && html`<p>${words.certificate}</p>`}
</section>
<section class="card">
<h2>${words.verify}</h2>
<p>${format.verify}</p>
${verifyCommands(shared.folder)}
</section>
<section class="card">
<h2>${words.commandLine}</h2>
<p>${words.commandLineText}</p>
${commandLines(words, shared)}
</section>`,
  };
}

function facts(language: Language, words: Messages['shared'], shared: SharedPackage): Html {
  const until = formatInstant(shared.expiresAt, language, shared.timeZone);
  return html`<dl class="facts">
<div><dt>${words.files}</dt><dd>${formatNumber(shared.fileCount, language)}</dd></div>
<div><dt>${words.totalSize}</dt><dd>${exactSize(language, shared.totalSize)}</dd></div>
<div><dt>${words.expires}</dt><dd><time datetime="${shared.expiresAt.toISOString()}">${until}</time> <span class="exact">(${formatUntil(shared.expiresAt, shared.now, language)})</span></dd></div>
<div><dt>${words.formats[shared.format].size}</dt><dd>${exactSize(language, shared.archiveSize)}</dd></div>
</dl>`;
}

function fileList(language: Language, words: Messages['shared'], shared: SharedPackage): Html {
  const number = (value: number) => formatNumber(value, language);
  const { fileCount, from, files, pageSize } = shared;
  const page = from / pageSize + 1;
  const link = (to: number, text: string, rel: string) =>
    html`<a href="${shared.path}?page=${to}#files" rel="${rel}">${text}</a>`;
  const pages =
    fileCount > pageSize &&
    html`<nav class="pages" aria-labelledby="files">
${from > 0 && link(page - 1, words.previous, 'prev')}
<span>${words.showing(number(from + 1), number(from + files.length), number(fileCount))}</span>
${from + pageSize < fileCount && link(page + 1, words.next, 'next')}
</nav>`;
  return html`<section class="card">
<h2 id="files">${words.fileCount(number(fileCount), fileCount === 1)}</h2>
${fileCount === 0 ? html`<p>${words.noFiles}</p>` : html`<ul class="files">${files.map((file) => fileItem(language, words, file))}</ul>`}
${pages}
<p><a href="${shared.path}/manifest.json">${words.manifest}</a></p>
</section>`;
}

function fileItem(language: Language, words: Messages['shared'], file: PackageFile): Html {
  const isRenamed = file.path !== file.originalName;
  return html`<li>
<bdi class="file-name">${file.path}</bdi>
<span class="file-facts">${exactSize(language, file.size)}</span>
${isRenamed && html`<bdi class="file-facts">${words.originalName(visible(file.originalName))}</bdi>`}
<span class="hash"><abbr>SHA-256</abbr> ${file.sha256}</span>
</li>
`;
}

function verifyCommands(folder: string): Html {
  const { windows, macos, linux } = VERIFY_COMMANDS;
  return html`<h3>Windows (PowerShell)</h3>
<pre><code>${[`cd '${folder.replaceAll("'", "''")}'`, ...windows].join('\n')}</code></pre>
<h3>macOS</h3>
<pre><code>${`cd ${shellQuoted(folder)}\n${macos}`}</code></pre>
<h3>Linux</h3>
<pre><code>${`cd ${shellQuoted(folder)}\n${linux}`}</code></pre>`;
}

function commandLines(words: Messages['shared'], shared: SharedPackage): Html {
  const lines = downloadLines(shared, {
    link: words.linkPlaceholder,
    passphrase: shared.hasPassphrase ? words.passphrasePlaceholder : null,
  });
  const { curl, wget, aria2c } = lines;
  return html`<h3>curl</h3>
<pre><code>${curl.join('\n')}</code></pre>
<h3>wget</h3>
${shared.hasPassphrase && html`<p>${words.wgetPassphrase}</p>`}
<pre><code>${wget.join('\n')}</code></pre>
<h3>aria2c</h3>
<p>${words.aria2c}</p>
<pre><code>${aria2c.join('\n')}</code></pre>`;
}
