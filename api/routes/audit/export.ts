import type { Act } from '../../../domain/act.ts';
import { type Audited, requireAuditView } from '../../../domain/audit/policy.ts';
import { readCaseTrail, readTrail } from '../../../domain/audit/trail.ts';
import { renderTrail } from '../../../domain/audit/trail-pdf.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import type { Database } from '../../../platform/database.ts';
import { attachment } from '../../attachment.ts';
import { csvAnswer } from '../../csv.ts';
import type { Answer } from '../../route.ts';
import { type AuditEventView, countEvents, readEvents } from './presenter.ts';

/** Events read at once while an export is sent. */
const BATCH = 500;

const COLUMNS = [
  { key: 'sequence', header: 'Sequence' },
  { key: 'at', header: 'Time (UTC)' },
  { key: 'actorKind', header: 'Actor kind' },
  { key: 'actorId', header: 'Actor id' },
  { key: 'actorName', header: 'Actor' },
  { key: 'actorOrganization', header: 'Organization' },
  { key: 'onBehalfOf', header: 'On behalf of' },
  { key: 'action', header: 'Action' },
  { key: 'outcome', header: 'Outcome' },
  { key: 'reason', header: 'Reason' },
  { key: 'confidential', header: 'Confidential' },
  { key: 'objects', header: 'Objects' },
  { key: 'sourceAddress', header: 'Source address' },
  { key: 'data', header: 'Details' },
  { key: 'hash', header: 'SHA-256 of the chain' },
];

/** What an export needs of the request that asks for it. */
interface ExportRequest {
  readonly deps: { readonly database: Database };
  readonly staff: Staff;
  command(work: (act: Act) => Promise<ExportAnswer>): Promise<ExportAnswer>;
}

type ExportAnswer = Answer<{ 200: { description: string; contentType: string } }>;

/**
 * Exports an object's events as CSV. The export is recorded before the first byte is read; what it has
 * are the events before that one.
 */
export async function exportEvents(
  { deps, staff, command }: ExportRequest,
  audited: Audited,
): Promise<ExportAnswer> {
  let upTo = '0';
  await command(async (act) => {
    upTo = await recordExport(act, staff, audited, 'csv');
    return { status: 200 };
  });
  const rows = rowsUpTo(deps.database, staff.organization.id, audited.id, upTo);
  return csvAnswer(`${audited.type}-${audited.id}-audit.csv`, COLUMNS, rows);
}

/** The same as a PDF: a report for people, of evidence or of a case. */
export async function exportTrail(
  { deps, staff, command }: ExportRequest,
  audited: Extract<Audited, { type: 'case' | 'evidence' }>,
): Promise<ExportAnswer> {
  let upTo = '0';
  await command(async (act) => {
    upTo = await recordExport(act, staff, audited, 'pdf');
    return { status: 200 };
  });
  const em = deps.database.em.fork();
  const trail =
    audited.type === 'case'
      ? await readCaseTrail(em, audited.id, upTo)
      : await readTrail(em, audited.id, upTo);
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': attachment(`${audited.type}-${audited.id}-audit.pdf`),
    },
    body: await renderTrail(trail, new Date()),
  };
}

/** @returns the sequence of the last event before the export */
async function recordExport(
  act: Act,
  staff: Staff,
  audited: Audited,
  format: 'csv' | 'pdf',
): Promise<string> {
  const organizationId = staff.organization.id;
  await requireAuditView(act.em, staff, audited);
  const { total, last } = await countEvents(act.em, organizationId, audited.id);
  act.audit({
    organizationId,
    action: 'audit.exported',
    objects: [audited.id],
    data: { format, events: total, lastSequence: Number(last) },
  });
  return last;
}

async function* rowsUpTo(
  database: Database,
  organizationId: OrganizationId,
  objectId: string,
  upTo: string,
): AsyncGenerator<Record<string, unknown>> {
  const em = database.em.fork();
  for (let after = '0'; ; ) {
    const events = await readEvents(em, organizationId, objectId, { after, upTo, limit: BATCH });
    for (const event of events) yield rowOf(event);
    const last = events.at(-1);
    if (last === undefined || events.length < BATCH) return;
    after = String(last.sequence);
  }
}

function rowOf(event: AuditEventView): Record<string, unknown> {
  return {
    sequence: event.sequence,
    at: event.at,
    actorKind: event.actor.kind,
    actorId: event.actor.id,
    actorName: event.actor.name,
    actorOrganization: event.actor.organization?.name,
    onBehalfOf: event.onBehalfOf,
    action: event.action,
    outcome: event.outcome,
    reason: event.reason,
    confidential: event.confidential ? 'yes' : 'no',
    objects: event.objects.join(' '),
    sourceAddress: event.sourceAddress,
    data: JSON.stringify(event.data),
    hash: event.hash,
  };
}
