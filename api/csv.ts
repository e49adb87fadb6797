import { pipeline, Readable } from 'node:stream';
import { type ColumnOption, stringify } from 'csv-stringify';
import { attachment } from './attachment.ts';

/** An answer that saves rows as a file of this name. */
export function csvAnswer(
  fileName: string,
  columns: readonly ColumnOption[],
  rows: AsyncIterable<unknown>,
) {
  return {
    status: 200 as const,
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': attachment(fileName),
    },
    body: csvStream(columns, rows),
  };
}

/**
 * Rows as CSV that spreadsheets read: UTF-8 with a byte order mark, without which Excel takes it for
 * another encoding; lines end in CRLF (RFC 4180); a cell that would be read as a formula begins with an
 * apostrophe (OWASP ASVS 1.2.10). Rows are read from now on: make it when nothing can fail any more. It
 * breaks where its rows break.
 */
export function csvStream(
  columns: readonly ColumnOption[],
  rows: AsyncIterable<unknown>,
): Readable {
  const output = stringify({
    header: true,
    columns: [...columns],
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
  // Whoever sends the stream hears of an error only from then on; until then nobody else listens.
  output.on('error', () => undefined);
  pipeline(Readable.from(rows), output, () => undefined);
  return output;
}
