import type { Condition } from '../domain/cases/visibility.ts';

/** `%` and `_` of a pattern mean themselves. */
function escapeLike(word: string): string {
  return word.replaceAll(/[\\%_]/g, '\\$&');
}

/** Rows in which every word of a query occurs in some of these columns, whatever its case. */
export function containsWords(query: string | undefined, columns: readonly string[]): Condition {
  const words = (query ?? '').split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return { sql: 'true', values: [] };
  const text = columns.map((column) => `coalesce(${column}, '')`).join(` || ' ' || `);
  return {
    sql: words.map(() => `(${text}) ilike ?`).join(' and '),
    values: words.map((word) => `%${escapeLike(word)}%`),
  };
}

/** Rows for which all conditions hold. */
export function allOf(...conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' and '),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** Rows whose column has the value, or all where there is none. */
export function hasValue(column: string, value: string | undefined): Condition {
  return value === undefined
    ? { sql: 'true', values: [] }
    : { sql: `${column} = ?`, values: [value] };
}
