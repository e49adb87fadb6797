import { z } from 'zod';
import type { OrganizationId } from '../domain/ids.ts';
import { readInventory, type StandingFinding } from '../domain/retention/read-inventory.ts';
import { command, UsageError } from './command.ts';

const WORDS: Readonly<Record<StandingFinding['kind'], string>> = {
  'object-missing': 'is missing',
  'size-differs': 'has another size',
  'object-unknown': 'belongs to nothing',
};

/** Findings that are printed of one organization; the API has them all. */
const MOST = 1_000;

export const inventoryShow = command(
  {
    name: 'inventory',
    summary:
      'Show what the inventories of the object store found; the exit status is 1 for anything',
    flags: { organization: { value: 'SLUG', description: 'one organization only' } },
    input: z.object({ organization: z.string().optional() }),
  },
  async ({ organization }, { database, print }) => {
    const em = (await database()).em.fork();
    const organizations = await em.execute<{ id: OrganizationId; slug: string }[]>(
      `select id, slug from organizations where ?::text is null or slug = ? order by slug`,
      [organization ?? null, organization ?? null],
    );
    if (organizations.length === 0 && organization !== undefined) {
      throw new UsageError(`There is no organization ${organization}.`);
    }
    let sound = true;
    for (const { id, slug } of organizations) {
      const { inventory, total, findings } = await readInventory(em, id, {
        after: null,
        limit: MOST,
      });
      sound &&= total === 0;
      print(
        `${slug}  ${inventory.endedAt ?? 'no inventory yet'}  ${inventory.objects} objects  ${inventory.bytes} bytes  ${total} findings`,
      );
      for (const { kind, objectKey, evidenceId, expectedSize, foundSize } of findings) {
        const sizes = `expected ${expectedSize ?? 'nothing'}, found ${foundSize ?? 'nothing'}`;
        print(`    ${objectKey} ${WORDS[kind]} (${sizes}; evidence ${evidenceId ?? 'none'})`);
      }
    }
    return sound ? 0 : 1;
  },
);
