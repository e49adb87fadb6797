import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { AuditEvent } from '../../../domain/audit/event.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import type { auditEventView } from './schema.ts';

export type AuditEventView = z.input<typeof auditEventView>;

interface EventRow {
  sequence: string;
  content: string;
  hash: string;
  actor_name: string | null;
  actor_organization: { id: string; name: string } | null;
  address: string | null;
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
    `select e.sequence, e.content, encode(e.hash, 'hex') as hash, u.name as actor_name,
       case when o.id is null then null else json_build_object('id', o.id, 'name', o.name) end
         as actor_organization,
       host(s.address) as address
     from audit_events e
     cross join lateral (select e.content::json->'actor' as actor) a
     left join users u on u.organization_id = e.organization_id
       and u.id = case a.actor->>'kind' when 'user' then (a.actor->>'id')::uuid end
     left join organizations o on o.id = (a.actor->>'organizationId')::uuid
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
  return rows.map(presentEvent);
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

function presentEvent(row: EventRow): AuditEventView {
  const event = JSON.parse(row.content) as AuditEvent;
  const { actor } = event;
  const names: Record<typeof actor.kind, string | null> = {
    user: row.actor_name,
    link_session: null,
    lifecycle: 'Casebridge',
    operator: 'Operator',
  };
  return {
    id: event.id,
    sequence: event.sequence,
    at: event.at,
    actor: {
      kind: actor.kind,
      id: actor.id,
      name: names[actor.kind],
      organization: row.actor_organization,
    },
    onBehalfOf: event.onBehalfOf,
    action: event.action,
    objects: [...event.objects],
    outcome: event.outcome,
    reason: event.reason,
    confidential: event.confidential,
    sourceAddress: row.address,
    data: { ...event.data },
    hash: row.hash,
  };
}
