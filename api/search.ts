import { type Condition, EVERY } from '../domain/sql.ts';

/** `%` and `_` of a pattern mean themselves. */
function escapeLike(word: string): string {
  return word.replaceAll(/[\\%_]/g, '\\$&');
}

/** Rows in which every word of a query occurs in some of these columns, whatever its case. */
export function containsWords(query: string | undefined, columns: readonly string[]): Condition {
  const words = (query ?? '').split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return EVERY;
  const text = columns.map((column) => `coalesce(${column}, '')`).join(` || ' ' || `);
  return {
    sql: words.map(() => `(${text}) ilike ?`).join(' and '),
    values: words.map((word) => `%${escapeLike(word)}%`),
  };
}

/** Rows whose column has the value, or all where there is none. */
export function hasValue(column: string, value: string | undefined): Condition {
  return value === undefined ? EVERY : { sql: `${column} = ?`, values: [value] };
}
