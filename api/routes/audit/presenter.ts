import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Actor, AuditEvent } from '../../../domain/audit/event.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { uuids } from '../../../domain/sql.ts';
import type { auditEventView } from './schema.ts';

export type AuditEventView = z.input<typeof auditEventView>;

interface EventRow {
  readonly content: string;
  readonly hash: string;
  readonly address: string | null;
}

/**
 * Events that name an object, and those of links whose package holds it: their opening and download is
 * an access to each file in them, however many there are.
 */
const ABOUT = `objects && (array[?::uuid] || array(
  select share_id from share_items where evidence_id = ?::uuid
))`;

/** Events about one object, after a sequence and up to another, oldest first. */
export async function readEvents(
  em: EntityManager,
  organizationId: OrganizationId,
  objectId: string,
  range: { readonly after: string; readonly upTo?: string; readonly limit: number },
): Promise<AuditEventView[]> {
  const rows = await em.execute<EventRow[]>(
    `select e.content, encode(e.hash, 'hex') as hash, host(s.address) as address
     from audit_events e
     left join audit_sources s on s.event_id = e.id
     where e.organization_id = ? and e.${ABOUT}
       and e.sequence > ? and e.sequence <= ?
     order by e.sequence limit ?`,
    [
      organizationId,
      objectId,
      objectId,
      range.after,
      range.upTo ?? String(Number.MAX_SAFE_INTEGER),
      range.limit,
    ],
  );
  // Read here and not in SQL, where one text that PostgreSQL's JSON refuses would fail the whole page.
  const events = rows.map((row) => ({ ...row, event: JSON.parse(row.content) as AuditEvent }));
  const names = await readNames(
    em,
    organizationId,
    events.map(({ event }) => event.actor),
  );
  return events.map(({ event, hash, address }) => ({
    id: event.id,
    sequence: event.sequence,
    at: event.at,
    actor: presentActor(event.actor, names),
    onBehalfOf: event.onBehalfOf,
    action: event.action,
    objects: [...event.objects],
    outcome: event.outcome,
    reason: event.reason,
    confidential: event.confidential,
    sourceAddress: address,
    data: { ...event.data },
    hash,
  }));
}

/** How many events there are about an object, and the sequence of the last one. */
export async function countEvents(
  em: EntityManager,
  organizationId: OrganizationId,
  objectId: string,
): Promise<{ total: number; last: string }> {
  const [row] = await em.execute<{ total: string; last: string }[]>(
    `select count(*) as total, coalesce(max(sequence), 0) as last from audit_events
     where organization_id = ? and ${ABOUT}`,
    [organizationId, objectId, objectId],
  );
  return { total: Number(row?.total ?? 0), last: row?.last ?? '0' };
}

/** Names by id: of the organization's own users, and of any organization. */
async function readNames(
  em: EntityManager,
  organizationId: OrganizationId,
  actors: readonly Actor[],
): Promise<ReadonlyMap<string, string>> {
  const users = actors.flatMap((actor) => (actor.kind === 'user' ? [actor.id] : []));
  const clients = actors.flatMap((actor) => (actor.kind === 'api_client' ? [actor.id] : []));
  const organizations = actors.flatMap((actor) =>
    'organizationId' in actor ? [actor.organizationId] : [],
  );
  const rows = await em.execute<{ id: string; name: string }[]>(
    `select id, name from users where organization_id = ? and id = any(?::uuid[])
     union all select id, name from organizations where id = any(?::uuid[])
     union all select id, name from api_clients where organization_id = ? and id = any(?::uuid[])`,
    [organizationId, uuids(users), uuids(organizations), organizationId, uuids(clients)],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function presentActor(actor: Actor, names: ReadonlyMap<string, string>): AuditEventView['actor'] {
  const { kind, id } = actor;
  switch (actor.kind) {
    case 'user':
    case 'api_client':
      return {
        kind,
        id,
        name: names.get(actor.id) ?? null,
        organization: organizationOf(actor.organizationId, names),
      };
    case 'link_session':
      return { kind, id, name: null, organization: organizationOf(actor.organizationId, names) };
    case 'lifecycle':
      return { kind, id, name: 'Casebridge', organization: null };
    case 'operator':
      return { kind, id, name: 'Operator', organization: null };
    default:
      return actor satisfies never;
  }
}

function organizationOf(
  id: OrganizationId,
  names: ReadonlyMap<string, string>,
): { id: string; name: string } | null {
  const name = names.get(id);
  return name === undefined ? null : { id, name };
}
