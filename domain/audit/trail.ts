/** What happened to one piece of evidence, or to a case, as a report tells it (product rules, section 3). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../errors.ts';
import type { CaseId, EvidenceId, OrganizationId } from '../ids.ts';
import { uuids } from '../sql.ts';
import type { Actor, AuditEvent } from './event.ts';

/** One row of the table of events. */
export interface TrailEvent {
  readonly at: Date;
  /** Who acted, by the name of today. */
  readonly user: string;
  readonly activity: string;
}

/** An object's events, with what is known about it. */
export interface Trail {
  readonly title: string;
  readonly organization: { readonly name: string; readonly timeZone: string };
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Only of evidence. */
  readonly accesses: TrailAccesses | null;
  readonly events: readonly TrailEvent[];
}

/** How often evidence was looked at. */
export interface TrailAccesses {
  /** Times that it was shown, videos included. */
  readonly pageViews: number;
  /** Times that the original file was fetched, also in a package of a download link. */
  readonly fileDownloads: number;
  readonly videoPlaybacks: number;
  readonly lastAt: Date | null;
}

interface EvidenceRow {
  organization_id: OrganizationId;
  organization: string;
  time_zone: string;
  evidence_number: string;
  title: string;
  file_name: string;
  content_type: string;
  sha256: string | null;
  classification: string;
  serial_number: string | null;
  recorded_at: Date | string | null;
  uploaded_at: Date | string;
}

/**
 * Everything that happened to evidence until now. Confidential events are always among them.
 * @param upTo the sequence of the last event to take in; all where it is not given
 * @throws DomainError `not-found`
 */
export async function readTrail(
  em: EntityManager,
  evidenceId: EvidenceId,
  upTo?: string,
): Promise<Trail> {
  const [row] = await em.execute<EvidenceRow[]>(
    `select e.*, o.name as organization, o.time_zone,
       coalesce(e.source->>'serialNumber', e.fleet->>'serialNumber') as serial_number
     from evidence e join organizations o on o.id = e.organization_id where e.id = ?`,
    [evidenceId],
  );
  if (row === undefined) throw notFound('evidence');
  const events = await readEvents(em, row.organization_id, evidenceId, upTo);
  const when = (instant: Date | string | null) =>
    instant === null ? 'not known' : new Date(instant).toISOString();
  return {
    title: `Audit trail of ${row.evidence_number}`,
    organization: { name: row.organization, timeZone: row.time_zone },
    facts: [
      ['Evidence number', row.evidence_number],
      ['Evidence serial number', row.serial_number ?? 'none'],
      ['Title', row.title],
      ['File', row.file_name],
      ['SHA-256', row.sha256 ?? 'not verified'],
      ['Classification', row.classification],
      ['Recorded on', when(row.recorded_at)],
      ['Uploaded on', when(row.uploaded_at)],
    ],
    accesses: accessesOf(events, /^(video|audio)\//.test(row.content_type)),
    events: await present(em, events),
  };
}

/** The same of a case. @throws DomainError `not-found` */
export async function readCaseTrail(
  em: EntityManager,
  caseId: CaseId,
  upTo?: string,
): Promise<Trail> {
  const [row] = await em.execute<
    {
      organization_id: OrganizationId;
      organization: string;
      time_zone: string;
      case_number: string;
      title: string;
    }[]
  >(
    `select c.organization_id, o.name as organization, o.time_zone, c.case_number, c.title
     from cases c join organizations o on o.id = c.organization_id where c.id = ?`,
    [caseId],
  );
  if (row === undefined) throw notFound('case');
  const events = await readEvents(em, row.organization_id, caseId, upTo);
  return {
    title: `Audit trail of case ${row.case_number}`,
    organization: { name: row.organization, timeZone: row.time_zone },
    facts: [
      ['Case number', row.case_number],
      ['Title', row.title],
    ],
    accesses: null,
    events: await present(em, events),
  };
}

/** Events that name the object, and those of links whose package holds it, oldest first. */
async function readEvents(
  em: EntityManager,
  organizationId: OrganizationId,
  objectId: string,
  upTo = String(Number.MAX_SAFE_INTEGER),
): Promise<AuditEvent[]> {
  const rows = await em.execute<{ content: string }[]>(
    `select content from audit_events where organization_id = ? and sequence <= ?
       and objects && (array[?::uuid] || array(select share_id from share_items where evidence_id = ?::uuid))
     order by sequence`,
    [organizationId, upTo, objectId, objectId],
  );
  return rows.map(({ content }) => JSON.parse(content) as AuditEvent);
}

function accessesOf(events: readonly AuditEvent[], isPlayed: boolean): TrailAccesses {
  const of = (...actions: readonly AuditEvent['action'][]) =>
    events.filter(({ action, outcome }) => actions.includes(action) && outcome === 'done');
  const views = of('evidence.preview_began');
  const downloads = of('evidence.download_began', 'share.download_began');
  const last = [...views, ...downloads]
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
  return {
    pageViews: views.length,
    fileDownloads: downloads.length,
    videoPlaybacks: isPlayed ? views.length : 0,
    lastAt: last === undefined ? null : new Date(last),
  };
}

async function present(em: EntityManager, events: readonly AuditEvent[]): Promise<TrailEvent[]> {
  const actors = events.map(({ actor }) => actor);
  const rows = await em.execute<{ id: string; name: string }[]>(
    `select id, name from users where id = any(?::uuid[])
     union all select id, name from organizations where id = any(?::uuid[])`,
    [
      uuids(new Set(actors.flatMap((actor) => (actor.kind === 'user' ? [actor.id] : [])))),
      uuids(
        new Set(actors.flatMap((one) => ('organizationId' in one ? [one.organizationId] : []))),
      ),
    ],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return events.map((event) => ({
    at: new Date(event.at),
    user: userOf(event, names),
    activity: activityOf(event),
  }));
}

function userOf(
  { actor, organizationId }: { readonly actor: Actor; readonly organizationId: OrganizationId },
  names: ReadonlyMap<string, string>,
): string {
  switch (actor.kind) {
    case 'user': {
      const name = names.get(actor.id) ?? 'A former user';
      const from = names.get(actor.organizationId);
      return actor.organizationId === organizationId || from === undefined
        ? name
        : `${name} (${from})`;
    }
    case 'lifecycle':
      return 'Casebridge';
    case 'operator':
      return 'Operator';
    default:
      // Whoever holds a link, or is known by an address only: a report names nobody outside.
      return 'Recipient of a link';
  }
}

/** `evidence.download_began` reads `Evidence: download began`. */
function activityOf({ action, outcome, reason, confidential, data }: AuditEvent): string {
  const [subject = '', what = ''] = action.split('.', 2);
  const name = subject.replaceAll('_', ' ');
  const fields = Array.isArray(data['fields']) ? ` (${data['fields'].join(', ')})` : '';
  const ending = [
    ...(outcome === 'done' ? [] : [outcome]),
    ...(reason === null ? [] : [reason.replaceAll(/[_-]/g, ' ')]),
    ...(confidential ? ['confidential'] : []),
  ];
  const tail = ending.length === 0 ? '' : ` · ${ending.join(' · ')}`;
  return `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}: ${what.replaceAll('_', ' ')}${fields}${tail}`;
}
