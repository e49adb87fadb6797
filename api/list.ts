import type { EntityManager } from '@mikro-orm/postgresql';
import { allOf, type Condition, EVERY } from '../domain/sql.ts';
import { cursorKey, page } from './paging.ts';

/** SQL for a resource: how one of its rows becomes the JSON that clients see. */
export interface ViewSql {
  /** A JSON expression over `from`. */
  readonly view: string;
  /** The table with its alias, and joins if any: `users u`. */
  readonly from: string;
  /** Of the placeholders in `from`, where it has any. */
  readonly values?: readonly unknown[];
  /** The alias of the table that `id` and `version` are columns of. */
  readonly alias: string;
  /** The column that lists are sorted by, where it is another one than `id` that always equals it. */
  readonly key?: string;
}

/** Ids of version 7 sort by time. */
export type Order = 'oldest first' | 'newest first';

interface ViewRow<View> {
  view: View;
  id: string;
  version: number;
}

/** The one row that a condition finds, with its version; null where there is none. */
export async function readOne<View>(
  em: EntityManager,
  sql: ViewSql,
  condition: Condition,
): Promise<{ body: View; version: number } | null> {
  const [row] = await readRows<View>(em, sql, condition, ONE);
  return row === undefined ? null : { body: row.view, version: row.version };
}

/**
 * A page of the rows that a condition finds.
 * @param options.total how many there are, where that is known without counting them
 */
export async function readPage<View>(
  em: EntityManager,
  sql: ViewSql,
  condition: Condition,
  asked: { readonly limit: number; readonly cursor?: string | undefined },
  options: { readonly order?: Order; readonly total?: number } = {},
) {
  const { order = 'oldest first' } = options;
  const after = cursorKey(asked.cursor);
  const rows = await readRows<View>(em, sql, condition, { after, limit: asked.limit + 1, order });
  return page(rows, {
    limit: asked.limit,
    total: options.total ?? (await countRows(em, sql, condition)),
    keyOf: (row) => row.id,
    present: (row) => row.view,
  });
}

/** Rows that are read at a time for an export: memory stays flat however long the list is. */
const BATCH = 500;

/** Every row that a condition finds, batch after batch. */
export async function* readBatches<View>(
  em: EntityManager,
  sql: ViewSql,
  condition: Condition,
  order: Order = 'oldest first',
): AsyncGenerator<View> {
  let after: string | null = null;
  for (;;) {
    const rows: ViewRow<View>[] = await readRows(em, sql, condition, {
      after,
      limit: BATCH,
      order,
    });
    for (const { view } of rows) yield view;
    after = rows.at(-1)?.id ?? null;
    if (rows.length < BATCH) return;
  }
}

interface Range {
  /** The id after which it begins. */
  readonly after: string | null;
  readonly limit: number;
  readonly order: Order;
}

const ONE: Range = { after: null, limit: 1, order: 'oldest first' };

async function readRows<View>(
  em: EntityManager,
  sql: ViewSql,
  condition: Condition,
  { after, limit, order }: Range,
): Promise<ViewRow<View>[]> {
  const { view, from, values = [], alias, key = `${alias}.id` } = sql;
  const [beyond, direction] = order === 'oldest first' ? ['>', 'asc'] : ['<', 'desc'];
  const rest: Condition =
    after === null ? EVERY : { sql: `${key} ${beyond} ?::uuid`, values: [after] };
  const found = allOf(condition, rest);
  return em.execute<ViewRow<View>[]>(
    `select ${view} as view, ${alias}.id, ${alias}.version from ${from}
     where ${found.sql} order by ${key} ${direction} limit ?`,
    [...values, ...found.values, limit],
  );
}

/** How many rows a condition finds. */
export async function countRows(
  em: EntityManager,
  { from, values = [] }: Pick<ViewSql, 'from' | 'values'>,
  condition: Condition,
): Promise<number> {
  const [count] = await em.execute<{ total: string }[]>(
    `select count(*) as total from ${from} where ${condition.sql}`,
    [...values, ...condition.values],
  );
  return Number(count?.total ?? 0);
}
