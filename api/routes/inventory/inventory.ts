import { z } from 'zod';
import { requirePermissions } from '../../../domain/identity/staff.ts';
import { FINDING_KINDS } from '../../../domain/retention/inventory-differences.ts';
import { readInventory } from '../../../domain/retention/read-inventory.ts';
import { cursorKey, page, pageOf, paging } from '../../paging.ts';
import { type Route, route } from '../../route.ts';

const finding = z
  .object({
    kind: z.enum(FINDING_KINDS).describe('a row without object, another size, or nobody’s object'),
    objectKey: z.string(),
    evidenceId: z.uuid().nullable(),
    expectedSize: z.int().nullable(),
    foundSize: z.int().nullable(),
    firstFoundAt: z.iso.datetime(),
    lastFoundAt: z.iso.datetime(),
  })
  .meta({ id: 'InventoryFinding' });

const inventoryView = pageOf(finding).extend({
  inventory: z.object({
    endedAt: z.iso.datetime().nullable().describe('of the last whole one; null before the first'),
    objects: z.int().describe('objects seen by the one under way, or the last'),
    bytes: z.int().describe('of all their versions'),
  }),
});

/** The key of an object, and the kind of the finding after a space, which no kind has. */
const PLACE = /^.{1,1024} [a-z-]{1,20}$/s;

export const inventoryRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/inventory',
      tag: 'Organization',
      summary: 'Read what the inventory of the object store found',
      description:
        'Every day the store is compared with what is recorded. Nothing is ever repaired by it: a finding is for people to look at.',
      query: z.strictObject(paging),
      answers: { 200: { description: 'Findings, by object', body: inventoryView } },
      problems: ['permission-missing'],
    },
    async ({ deps, staff, query }) => {
      requirePermissions(staff, ['admin.organization'], false);
      const after = cursorKey(query.cursor, PLACE);
      const found = await readInventory(deps.database.em.fork(), staff.organization.id, {
        after,
        limit: query.limit + 1,
      });
      const body = page(found.findings, {
        limit: query.limit,
        total: found.total,
        keyOf: ({ objectKey, kind }) => `${objectKey} ${kind}`,
        present: (row) => row,
      });
      return { status: 200, body: { ...body, inventory: found.inventory } };
    },
  ),
];
