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

/** A part of a chain that was read, after another that was in order. */
export interface ChainPart {
  /** The last event in order, of this part or of those before; null for none. */
  readonly head: ChainHead | null;
  readonly fault: ChainVerdict['fault'];
  /** How many events of this part are in order. */
  readonly events: number;
  /** Whether this was the end of the chain. */
  readonly isEnd: boolean;
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
  let head: ChainHead | null = null;
  for (;;) {
    const part: ChainPart = await verifyPart(em, organizationId, head, expected);
    head = part.head;
    if (part.isEnd || part.fault !== null) {
      return { events: head?.sequence ?? 0, head, fault: part.fault };
    }
  }
}

/**
 * Reads the next thousand events of a chain, after a head up to which it was in order.
 * @param expected a head that was noted before: it must be met, where it lies ahead
 */
export async function verifyPart(
  em: EntityManager,
  organizationId: OrganizationId,
  after: ChainHead | null,
  expected: ChainHead | null,
): Promise<ChainPart> {
  const begin = after?.sequence ?? 0;
  let sequence = begin;
  let previous: Buffer = after === null ? GENESIS : Buffer.from(after.hash, 'hex');
  const part = (kind: ChainFault | null, isEnd: boolean): ChainPart => ({
    events: sequence - begin,
    head: sequence === 0 ? null : { sequence, hash: previous.toString('hex') },
    fault: kind === null ? null : { sequence: sequence + 1, kind },
    isEnd,
  });
  const rows = await readBatch(em, organizationId, begin);
  for (const row of rows) {
    const fault = faultOf(row, organizationId, sequence + 1, previous);
    if (fault !== null) return part(fault, false);
    if (expected?.sequence === sequence + 1 && expected.hash !== row.hash.toString('hex')) {
      return part('other-chain', false);
    }
    sequence += 1;
    previous = row.hash;
  }
  if (rows.length === BATCH) return part(null, false);
  return part(expected !== null && expected.sequence > sequence ? 'missing' : null, true);
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
