import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type AuditEventId, newId, type OrganizationId } from '../ids.ts';
import { uuids } from '../sql.ts';
import type { Actor, AuditEntry, AuditEvent, Source } from './event.ts';

/** The hash that stands before the first event of a chain. */
export const GENESIS = Buffer.alloc(32);

/** `SHA-256(previous hash ‖ stored bytes)`: the link of the chain. */
export function chainHash(previous: Buffer, content: string): Buffer {
  return createHash('sha256').update(previous).update(content, 'utf8').digest();
}

/**
 * The text of an event that is hashed and stored. Half a surrogate pair, which JSON can only escape and
 * PostgreSQL's JSON refuses, becomes U+FFFD.
 */
function textOf(event: AuditEvent): string {
  return JSON.stringify(event).replaceAll(/\\(?:ud[89a-f][\da-f]{2}|.)/g, (escaped) =>
    escaped.startsWith('\\ud') ? '\ufffd' : escaped,
  );
}

/**
 * Writes events to the end of their organizations' chains, inside the transaction that they record:
 * if this fails, the act does not happen. Chains are locked in the order of the organizations' ids,
 * until the transaction ends: call it last.
 */
export async function appendAudit(
  em: EntityManager,
  actor: Actor,
  source: Source | null,
  entries: readonly AuditEntry[],
): Promise<void> {
  const organizations = [...new Set(entries.map((entry) => entry.organizationId))].sort();
  for (const organizationId of organizations) {
    const own = entries.filter((entry) => entry.organizationId === organizationId);
    await appendToChain(em, organizationId, actor, source, own);
  }
}

async function appendToChain(
  em: EntityManager,
  organizationId: OrganizationId,
  actor: Actor,
  source: Source | null,
  entries: readonly AuditEntry[],
): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('audit:' || ?, 0))`, [
    organizationId,
  ]);
  const [head] = await em.execute<{ at: Date; sequence: string | null; hash: Buffer | null }[]>(
    `select date_trunc('milliseconds', clock_timestamp()) as at, head.sequence, head.hash
     from (select) as one left join lateral (
       select sequence, hash from audit_events where organization_id = ? order by sequence desc limit 1
     ) as head on true`,
    [organizationId],
  );
  if (head === undefined) throw new Error('the head of the audit chain could not be read');
  let sequence = Number(head.sequence ?? 0);
  let previous = head.hash ?? GENESIS;
  const at = new Date(head.at).toISOString();
  for (const entry of entries) {
    sequence += 1;
    const event: AuditEvent = {
      sequence,
      id: newId<AuditEventId>(),
      at,
      organizationId,
      actor,
      onBehalfOf: entry.onBehalfOf ?? null,
      action: entry.action,
      objects: entry.objects,
      outcome: entry.outcome ?? 'done',
      reason: entry.reason ?? null,
      confidential: entry.confidential ?? false,
      data: entry.data ?? {},
      previous: previous.toString('hex'),
    };
    const content = textOf(event);
    const hash = chainHash(previous, content);
    await em.execute(
      `insert into audit_events
         (organization_id, sequence, id, at, action, objects, content, previous_hash, hash)
       values (?, ?, ?, ?, ?, ?::uuid[], ?, ?, ?)`,
      [
        organizationId,
        sequence,
        event.id,
        at,
        event.action,
        uuids(entry.objects),
        content,
        previous,
        hash,
      ],
    );
    if (source !== null && (source.address !== null || source.userAgent !== null)) {
      await em.execute(
        `insert into audit_sources (event_id, organization_id, address, user_agent) values (?, ?, ?, ?)`,
        [event.id, organizationId, source.address, source.userAgent],
      );
    }
    previous = hash;
  }
}
