/** The activity log of an upload request: the audit's events of that request, and only of it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, AuditEvent } from '../audit/event.ts';
import { instantOf, type SqlInstant, uuids } from '../sql.ts';
import type { RequestPlace } from './request-links.ts';

/** A file that an event is about. */
export interface LoggedFile {
  readonly name: string;
  readonly size: number;
  /** Null while it is not known. */
  readonly sha256: string | null;
}

/** Who acted, as the log names them: the trusted user, staff by name, or Casebridge itself. */
export interface LoggedActor {
  readonly kind: 'trusted_user' | 'user' | 'system';
  readonly name: string | null;
}

/** One event of the log. */
export interface LogEntry {
  readonly sequence: number;
  readonly at: string;
  readonly actor: LoggedActor;
  readonly action: AuditEvent['action'];
  readonly files: readonly LoggedFile[];
  readonly outcome: AuditEvent['outcome'];
  readonly reason: string | null;
}

/** What stands on top of the log. */
export interface LogSummary {
  /** Files that were verified. */
  readonly items: number;
  /** When the last of them was; null where there is none. */
  readonly lastAt: Date | null;
  readonly events: number;
  /** The sequence of the last event. */
  readonly lastSequence: number;
}

const ABOUT = 'e.organization_id = ? and e.objects @> array[?::uuid]';

/** Events after a sequence and up to another, oldest first. */
export async function readLog(
  em: EntityManager,
  place: RequestPlace,
  range: { readonly after: number; readonly upTo?: number; readonly limit: number },
): Promise<LogEntry[]> {
  const rows = await em.execute<{ content: string }[]>(
    `select e.content from audit_events e where ${ABOUT} and e.sequence > ? and e.sequence <= ?
     order by e.sequence limit ?`,
    [
      place.organizationId,
      place.requestId,
      range.after,
      range.upTo ?? Number.MAX_SAFE_INTEGER,
      range.limit,
    ],
  );
  const events = rows.map(({ content }) => JSON.parse(content) as AuditEvent);
  const files = await readFiles(em, place, events);
  const names = await readNames(em, place, events);
  return events.map((event) => ({
    sequence: event.sequence,
    at: event.at,
    actor: actorOf(event.actor, names),
    action: event.action,
    files: event.objects.flatMap((id) => files.get(id) ?? []),
    outcome: event.outcome,
    reason: event.reason,
  }));
}

/** Every event up to a sequence, batch after batch. */
export async function* readWholeLog(
  em: EntityManager,
  place: RequestPlace,
  upTo: number,
): AsyncGenerator<LogEntry> {
  for (let after = 0; ; ) {
    const entries = await readLog(em, place, { after, upTo, limit: BATCH });
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < BATCH) return;
    after = last.sequence;
  }
}

const BATCH = 500;

/** What stands on top of the log. */
export async function summariseLog(em: EntityManager, place: RequestPlace): Promise<LogSummary> {
  const [row] = await em.execute<
    { items: number; last_at: SqlInstant; events: number; last: string }[]
  >(
    `select u.items, u.last_at, e.events, e.last from
       (select count(*)::int as items, max(settled_at) as last_at from uploads
        where upload_request_id = ? and state = 'verified') u,
       (select count(*)::int as events, coalesce(max(e.sequence), 0) as last from audit_events e
        where ${ABOUT}) e`,
    [place.requestId, place.organizationId, place.requestId],
  );
  return {
    items: row?.items ?? 0,
    lastAt: instantOf(row?.last_at),
    events: row?.events ?? 0,
    lastSequence: Number(row?.last ?? 0),
  };
}

async function readFiles(
  em: EntityManager,
  place: RequestPlace,
  events: readonly AuditEvent[],
): Promise<ReadonlyMap<string, LoggedFile>> {
  const ids = new Set(events.flatMap(({ objects }) => objects));
  const rows = await em.execute<
    { id: string; file_name: string; size: string; sha256: string | null }[]
  >(
    `select id, file_name, size, coalesce(sha256, declared_sha256) as sha256 from uploads
     where upload_request_id = ? and id = any(?::uuid[])`,
    [place.requestId, uuids(ids)],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      { name: row.file_name, size: Number(row.size), sha256: row.sha256 },
    ]),
  );
}

interface Names {
  readonly trustedUser: string | null;
  readonly users: ReadonlyMap<string, string>;
}

async function readNames(
  em: EntityManager,
  place: RequestPlace,
  events: readonly AuditEvent[],
): Promise<Names> {
  const ids = events.flatMap(({ actor }) => (actor.kind === 'user' ? [actor.id] : []));
  const users = await em.execute<{ id: string; name: string }[]>(
    'select id, name from users where organization_id = ? and id = any(?::uuid[])',
    [place.organizationId, uuids(new Set(ids))],
  );
  const [trusted] = await em.execute<{ name: string }[]>(
    `select coalesce(t.name, t.email) as name from upload_requests r
     join trusted_users t on t.id = r.trusted_user_id where r.id = ?`,
    [place.requestId],
  );
  return {
    trustedUser: trusted?.name ?? null,
    users: new Map(users.map(({ id, name }) => [id, name])),
  };
}

function actorOf(actor: Actor, { trustedUser, users }: Names): LoggedActor {
  switch (actor.kind) {
    case 'link_session':
      return { kind: 'trusted_user', name: trustedUser };
    case 'user':
      return { kind: 'user', name: users.get(actor.id) ?? null };
    case 'api_client':
    case 'lifecycle':
    case 'operator':
      return { kind: 'system', name: 'Casebridge' };
    default:
      return actor satisfies never;
  }
}
