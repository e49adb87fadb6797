import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** What a reader finds in a PDF: the text of each page, and the fonts that are embedded. */
export interface ReadPdf {
  readonly pages: readonly string[];
  readonly title: string | null;
}

/** Reads a PDF as another program does. */
export async function readPdf(content: Buffer): Promise<ReadPdf> {
  const reading = getDocument({
    data: new Uint8Array(content),
    verbosity: 0,
    useSystemFonts: false,
  });
  const document = await reading.promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join('|'));
  }
  const { info } = await document.getMetadata();
  await reading.destroy();
  return { pages, title: 'Title' in info ? String(info.Title) : null };
}
