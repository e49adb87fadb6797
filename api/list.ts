import type { EntityManager } from '@mikro-orm/postgresql';
import { cursorKey, page } from './paging.ts';

/** SQL for a resource: how one of its rows becomes the JSON that clients see. */
export interface ViewSql {
  /** A JSON expression over `from`. */
  readonly view: string;
  /** The table with its alias, and joins if any: `users u`. */
  readonly from: string;
  /** The alias of the table that `id` and `version` are columns of. */
  readonly alias: string;
}

interface ViewRow<View> {
  view: View;
  id: string;
  version: number;
}

/** A timestamp as ISO 8601 in UTC with milliseconds, null where it is. */
export function utc(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The one row that a condition finds, with its version; null where there is none. */
export async function readOne<View>(
  em: EntityManager,
  sql: ViewSql,
  condition: string,
  values: readonly unknown[],
): Promise<{ body: View; version: number } | null> {
  const [row] = await em.execute<ViewRow<View>[]>(
    `select ${sql.view} as view, ${sql.alias}.id, ${sql.alias}.version from ${sql.from} where ${condition}`,
    [...values],
  );
  return row === undefined ? null : { body: row.view, version: row.version };
}

/** A page of the rows that a condition finds, oldest first: ids of version 7 sort by time. */
export async function readPage<View>(
  em: EntityManager,
  sql: ViewSql,
  condition: string,
  values: readonly unknown[],
  asked: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const after = cursorKey(asked.cursor);
  const rows = await em.execute<ViewRow<View>[]>(
    `select ${sql.view} as view, ${sql.alias}.id, ${sql.alias}.version from ${sql.from}
     where (${condition}) and (?::text is null or ${sql.alias}.id > ?::uuid)
     order by ${sql.alias}.id limit ?`,
    [...values, after, after, asked.limit + 1],
  );
  const [count] = await em.execute<{ total: string }[]>(
    `select count(*) as total from ${sql.from} where ${condition}`,
    [...values],
  );
  return page(rows, {
    limit: asked.limit,
    total: Number(count?.total ?? 0),
    keyOf: (row) => row.id,
    present: (row) => row.view,
  });
}
