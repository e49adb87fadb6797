import type { Readable } from 'node:stream';
import { type ColumnOption, stringify } from 'csv-stringify';

/**
 * Rows as CSV that spreadsheets read: UTF-8 with a byte order mark, without which Excel takes it for
 * another encoding; lines end in CRLF (RFC 4180); a cell that would be read as a formula begins with an
 * apostrophe (OWASP ASVS 1.2.10).
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
  void feed(output, rows);
  return output;
}

async function feed(
  output: ReturnType<typeof stringify>,
  rows: AsyncIterable<unknown>,
): Promise<void> {
  try {
    for await (const row of rows) {
      if (output.destroyed) return;
      if (!output.write(row)) await drained(output);
    }
    output.end();
  } catch (error) {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function drained(output: ReturnType<typeof stringify>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  output.once('drain', resolve);
  output.once('close', resolve);
  await promise;
  output.off('drain', resolve);
  output.off('close', resolve);
}
