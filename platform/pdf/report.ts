/** A report as a PDF: a title, facts, and a table as long as it has to be. */
import { setImmediate as breathe } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { type FontName, openFont } from './fonts.ts';
import { drawable, type Run, visualRuns } from './runs.ts';

export interface Report {
  readonly title: string;
  /** Pairs of a label and its value, in groups with a heading each. */
  readonly facts: readonly {
    readonly heading: string;
    readonly entries: readonly (readonly [label: string, value: string])[];
  }[];
  readonly table: {
    readonly heading: string;
    readonly columns: readonly { readonly label: string; readonly width: number }[];
    readonly rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>;
    /** Stands in the place of a table without rows. */
    readonly empty: string;
  };
  /** Stands at the foot of each page, before its number. */
  readonly footer: string;
  readonly createdAt: Date;
}

const SIZE = 9;
const LEADING = 12.5;
const MARGIN = 48;
const PADDING = 4;
const LABEL_WIDTH = 150;
const GREY = '#5a6472';
const RULE = '#c9d1dc';

/** Rows after which other work of the process gets its turn. */
const ROWS_AT_ONCE = 100;

type Document = PDFKit.PDFDocument;

/**
 * pdfkit lays out word by word and puts the words side by side from left to right, unless features are
 * asked for: words of a script that runs from right to left must not change places.
 */
function optionsOf({ font }: Run): PDFKit.Mixins.TextOptions {
  const plain = { lineBreak: false, baseline: 'alphabetic' } as const;
  return font === 'arabic' || font === 'hebrew' ? { ...plain, features: [] } : plain;
}

/** Renders a report in A4; the same report gives the same bytes. */
export async function renderReport(report: Report): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    lang: 'en',
    displayTitle: true,
    autoFirstPage: false,
    info: {
      Title: report.title,
      CreationDate: report.createdAt,
      Producer: 'Casebridge',
      Creator: 'Casebridge',
    },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  const page = pages(doc, report.footer);
  page.add();
  drawTitle(doc, page, report.title);
  for (const { heading, entries } of report.facts) {
    drawHeading(doc, page, heading);
    for (const [label, value] of entries) drawFact(doc, page, label, value);
  }
  await drawTable(doc, page, report.table);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

interface Pages {
  /** Where the next line begins, in points from the top. */
  y: number;
  readonly bottom: number;
  readonly width: number;
  add(): void;
  /** Begins another page where so many points are not left. */
  need(height: number): boolean;
}

function pages(doc: Document, footer: string): Pages {
  let number = 0;
  const page: Pages = {
    y: MARGIN,
    bottom: 0,
    width: 0,
    add() {
      doc.addPage();
      number += 1;
      const { width, height } = doc.page;
      Object.assign(page, {
        y: MARGIN,
        bottom: height - MARGIN - LEADING,
        width: width - 2 * MARGIN,
      });
      // The foot lies in the margin, into which pdfkit draws nothing that would not fit the page.
      const { margins } = doc.page;
      const { bottom } = margins;
      margins.bottom = 0;
      const lines = wrap(doc, `${footer} · ${number}`, page.width, 'latin', 7);
      drawLine(doc, lines[0] ?? '', MARGIN, height - MARGIN + LEADING, 'latin', 7, GREY);
      margins.bottom = bottom;
    },
    need(height) {
      if (page.y + height <= page.bottom) return false;
      page.add();
      return true;
    },
  };
  return page;
}

function drawTitle(doc: Document, page: Pages, title: string): void {
  for (const line of wrap(doc, title, page.width, 'bold', 16)) {
    drawLine(doc, line, MARGIN, page.y, 'bold', 16);
    page.y += 22;
  }
}

function drawHeading(doc: Document, page: Pages, heading: string): void {
  page.need(4 * LEADING);
  page.y += LEADING;
  drawLine(doc, drawable(heading), MARGIN, page.y, 'bold', 11);
  page.y += 18;
}

function drawFact(doc: Document, page: Pages, label: string, value: string): void {
  const lines = wrap(doc, value, page.width - LABEL_WIDTH, 'latin', SIZE);
  lines.forEach((line, index) => {
    page.need(LEADING);
    if (index === 0) drawLine(doc, drawable(label), MARGIN, page.y, 'latin', SIZE, GREY);
    drawLine(doc, line, MARGIN + LABEL_WIDTH, page.y, 'latin', SIZE);
    page.y += LEADING;
  });
}

async function drawTable(doc: Document, page: Pages, table: Report['table']): Promise<void> {
  drawHeading(doc, page, table.heading);
  const total = table.columns.reduce((sum, { width }) => sum + width, 0);
  const widths = table.columns.map(({ width }) => (width / total) * page.width);
  const head = () => {
    const labels = table.columns.map(({ label }) => label);
    drawCells(doc, page, cellsOf(doc, labels, widths, 'bold'), widths, 'bold');
  };
  head();
  let count = 0;
  for await (const row of table.rows) {
    count += 1;
    if (count % ROWS_AT_ONCE === 0) await breathe();
    const cells = cellsOf(doc, row, widths, 'latin');
    const height = Math.max(...cells.map((lines) => lines.length)) * LEADING + PADDING;
    if (page.need(Math.min(height, page.bottom - MARGIN))) head();
    drawCells(doc, page, cells, widths, 'latin', head);
  }
  if (count === 0) drawFact(doc, page, table.empty, '');
}

function cellsOf(
  doc: Document,
  texts: readonly string[],
  widths: readonly number[],
  font: FontName,
): string[][] {
  return widths.map((width, column) => wrap(doc, texts[column] ?? '', width - PADDING, font, SIZE));
}

/** Draws a row line by line; one that is longer than a page goes on on the next. */
function drawCells(
  doc: Document,
  page: Pages,
  cells: readonly (readonly string[])[],
  widths: readonly number[],
  font: FontName,
  head?: () => void,
): void {
  const lines = Math.max(...cells.map((cell) => cell.length));
  for (let line = 0; line < lines; line += 1) {
    if (head !== undefined && page.need(LEADING)) head();
    let x = MARGIN;
    cells.forEach((cell, column) => {
      drawLine(doc, cell[line] ?? '', x, page.y, font, SIZE);
      x += widths[column] ?? 0;
    });
    page.y += LEADING;
  }
  doc
    .moveTo(MARGIN, page.y)
    .lineTo(MARGIN + page.width, page.y)
    .lineWidth(0.5)
    .stroke(RULE);
  page.y += PADDING;
}

/** Makes a font the document's; those of a document share what a process has read of the file. */
function useFont(doc: Document, { font }: Pick<Run, 'font'>, size: number): Document {
  const known = fonts.get(doc) ?? new Set();
  fonts.set(doc, known);
  if (!known.has(font)) {
    // A parsed font is taken as well as a file; the types do not say so.
    doc.registerFont(font, openFont(font) as unknown as PDFKit.Mixins.PDFFontSource);
    known.add(font);
  }
  return doc.font(font).fontSize(size);
}

const fonts = new WeakMap<Document, Set<FontName>>();

function widthOf(doc: Document, line: string, font: FontName, size: number): number {
  return visualRuns(line, font).reduce(
    (width, run) => width + useFont(doc, run, size).widthOfString(run.text, optionsOf(run)),
    0,
  );
}

/** Draws a line whose top is at `y`; all fonts stand on one base line. */
function drawLine(
  doc: Document,
  line: string,
  left: number,
  y: number,
  font: FontName,
  size: number,
  colour = '#000000',
): void {
  let x = left;
  for (const run of visualRuns(line, font)) {
    const options = optionsOf(run);
    useFont(doc, run, size)
      .fillColor(colour)
      .text(run.text, x, y + size, options);
    x += doc.widthOfString(run.text, options);
  }
}

/** Lines of drawable text that fit a width; a word that is longer than a line is cut between characters. */
function wrap(doc: Document, text: string, width: number, font: FontName, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(drawable(text))) {
    if (widthOf(doc, line + piece.trimEnd(), font, size) <= width) {
      line += piece;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = '';
    for (const character of piece) {
      if (line !== '' && widthOf(doc, line + character, font, size) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return [...lines, line.trimEnd()];
}

/** Words with the spaces after them; scripts without spaces may break after each character. */
function pieces(text: string): string[] {
  return (
    text.match(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+\s*|\s+/gu,
    ) ?? []
  );
}
