/** Pieces of SQL that queries are put together from. */

/** A piece of SQL with the values of its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Holds for every row. */
export const EVERY: Condition = { sql: 'true', values: [] };

/** Holds for no row. */
export const NO: Condition = { sql: 'false', values: [] };

/** Rows for which all conditions hold. */
export function allOf(...conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' and '),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** Ids as the value of a placeholder that is cast: `any(?::uuid[])`. */
export function uuids(ids: Iterable<string>): string {
  return `{${[...ids].join(',')}}`;
}

/** A timestamp as ISO 8601 in UTC with milliseconds, null where it is. */
export function utc(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** An instant as a plain query gives it. */
export type SqlInstant = Date | string | null;

/** The instant that a plain query gave. */
export function instantOf(value: SqlInstant | undefined): Date | null {
  return value == null ? null : new Date(value);
}
