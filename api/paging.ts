import { z } from 'zod';
import { invalid } from '../domain/errors.ts';
import { UUID } from '../domain/ids.ts';

/** The query parameters of every list. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('items on a page'),
  cursor: z.string().max(200).optional().describe('`page.next` of the page before'),
};

/** The shape of every list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    page: z.object({
      count: z.int().describe('items on this page'),
      total: z.int().describe('items on all pages'),
      next: z.string().nullable().describe('`cursor` of the next page; null on the last'),
    }),
  });
}

/**
 * Where a page starts: after the item with this sort key. Most lists are sorted by id, which is by
 * time, ids being UUIDs of version 7.
 * @throws DomainError `validation-failed` where the key is none of such a list
 */
export function cursorKey(cursor: string | undefined, shape: RegExp = UUID): string | null {
  if (cursor === undefined) return null;
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!shape.test(key)) {
    throw invalid({
      pointer: '?cursor',
      detail: 'Not a cursor of this list. Start without one.',
    });
  }
  return key;
}

/**
 * Makes a page of rows that were read with a limit of one more than asked for: the surplus row says
 * that there is a next page.
 */
export function page<Row, Item>(
  rows: readonly Row[],
  options: {
    limit: number;
    total: number;
    keyOf: (row: Row) => string;
    present: (row: Row) => Item;
  },
): { data: Item[]; page: { count: number; total: number; next: string | null } } {
  const shown = rows.slice(0, options.limit);
  const last = shown.at(-1);
  const more = rows.length > options.limit && last !== undefined;
  return {
    data: shown.map(options.present),
    page: {
      count: shown.length,
      total: options.total,
      next: more ? Buffer.from(options.keyOf(last)).toString('base64url') : null,
    },
  };
}
