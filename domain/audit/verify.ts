import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { OrganizationId } from '../ids.ts';
import { chainHash, GENESIS } from './append.ts';

/** What can be wrong with an event, in the words of the command that shows it. */
export type ChainFault =
  /** The event, or some before it, is not there: deleted, or cut off the end. */
  | 'missing'
  /** It does not follow on the one before: that was replaced, or this one inserted or moved. */
  | 'does-not-follow'
  /** Its text is not the one that was hashed. */
  | 'text-changed'
  /** Its columns say other than its text. */
  | 'columns-changed'
  /** The chain is sound, and another one than that whose head was noted. */
  | 'other-chain';

export interface ChainHead {
  readonly sequence: number;
  /** Lower-case hex. */
  readonly hash: string;
}

export interface ChainVerdict {
  readonly events: number;
  /** The last event that was found in order; null for a chain without any. */
  readonly head: ChainHead | null;
  /** The first sequence at which something is wrong; null where nothing is. */
  readonly fault: { readonly sequence: number; readonly kind: ChainFault } | null;
}

/** Events read at once: memory stays the same, however long the chain. */
const BATCH = 1_000;

interface EventRow {
  sequence: string;
  id: string;
  at: Date | string;
  action: string;
  objects: string[];
  content: string;
  previous_hash: Buffer;
  hash: Buffer;
}

/**
 * Reads an organization's chain from its beginning and finds the first event that was edited, deleted,
 * inserted or moved. That the end was cut off shows only against a head that was noted before.
 */
export async function verifyChain(
  em: EntityManager,
  organizationId: OrganizationId,
  expected: ChainHead | null = null,
): Promise<ChainVerdict> {
  let sequence = 0;
  let previous: Buffer = GENESIS;
  const verdict = (kind: ChainFault | null): ChainVerdict => ({
    events: sequence,
    head: sequence === 0 ? null : { sequence, hash: previous.toString('hex') },
    fault: kind === null ? null : { sequence: sequence + 1, kind },
  });
  for (;;) {
    const rows = await readBatch(em, organizationId, sequence);
    for (const row of rows) {
      const fault = faultOf(row, organizationId, sequence + 1, previous);
      if (fault !== null) return verdict(fault);
      sequence += 1;
      if (expected?.sequence === sequence && expected.hash !== row.hash.toString('hex')) {
        sequence -= 1;
        return verdict('other-chain');
      }
      previous = row.hash;
    }
    if (rows.length < BATCH) break;
  }
  return verdict(expected !== null && expected.sequence > sequence ? 'missing' : null);
}

async function readBatch(
  em: EntityManager,
  organizationId: OrganizationId,
  after: number,
): Promise<EventRow[]> {
  return em.execute<EventRow[]>(
    `select sequence, id, at, action, to_json(objects) as objects, content, previous_hash, hash
     from audit_events where organization_id = ? and sequence > ? order by sequence limit ${BATCH}`,
    [organizationId, after],
  );
}

function faultOf(
  row: EventRow,
  organizationId: OrganizationId,
  sequence: number,
  previous: Buffer,
): ChainFault | null {
  if (Number(row.sequence) !== sequence) return 'missing';
  if (!chainHash(row.previous_hash, row.content).equals(row.hash)) return 'text-changed';
  if (!row.previous_hash.equals(previous)) return 'does-not-follow';
  const said = statedBy(row.content);
  const columns = {
    sequence,
    id: row.id,
    at: new Date(row.at).toISOString(),
    organizationId,
    action: row.action,
    objects: row.objects,
    previous: previous.toString('hex'),
  };
  return JSON.stringify(said) === JSON.stringify(columns) ? null : 'columns-changed';
}

const stated = z.object({
  sequence: z.number(),
  id: z.string(),
  at: z.string(),
  organizationId: z.string(),
  action: z.string(),
  objects: z.array(z.string()),
  previous: z.string(),
});

/** What an event's text says of what is in columns too, in their order; null for text of another kind. */
function statedBy(content: string): z.output<typeof stated> | null {
  try {
    return stated.parse(JSON.parse(content));
  } catch {
    return null;
  }
}
