import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { EvidenceId } from '../../../domain/ids.ts';
import { EVIDENCE_SHARING, type SharingColumns } from '../../../domain/sharing/sharing-columns.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, type ViewSql } from '../../list.ts';
import type { evidenceView } from './schema.ts';

export type EvidenceView = z.input<typeof evidenceView>;

/** Evidence, as clients see it; put together of two objects, since a function takes 100 arguments. */
export const EVIDENCE: ViewSql = {
  from: 'evidence e',
  alias: 'e',
  view: /* sql */ `jsonb_build_object(
    'id', e.id, 'evidenceNumber', e.evidence_number, 'title', e.title, 'description', e.description,
    'state', e.state, 'classification', e.classification,
    'isNew', exists (select 1 from case_evidence n where n.evidence_id = e.id and n.seen_at is null),
    'file', jsonb_build_object('name', e.file_name, 'contentType', e.content_type, 'size', e.size,
      'sha256', e.sha256),
    'recordedAt', ${utc('e.recorded_at')}, 'uploadedAt', ${utc('e.uploaded_at')},
    'uploadedBy', e.uploaded_by,
    'owner', (select jsonb_build_object('id', u.id, 'name', u.name) from users u where u.id = e.owner_id),
    'assignee', (select jsonb_build_object('id', u.id, 'name', u.name) from users u where u.id = e.assignee_id),
    'accessList', coalesce((select jsonb_agg(jsonb_build_object('type', a.principal_type, 'id', a.principal_id)
      order by a.principal_type, a.principal_id) from evidence_access a where a.evidence_id = e.id), '[]'),
    'evidenceGroup', (select jsonb_build_object('id', g.id, 'name', g.name) from groups g where g.id = e.evidence_group_id),
    'originalEvidenceGroup', e.original_evidence_group,
    'categories', coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'automatic', ec.automatic)
      order by k.name, k.id) from evidence_categories ec join categories k on k.id = ec.category_id
      where ec.evidence_id = e.id), '[]'),
    'tags', to_jsonb(e.tags)
  ) || jsonb_build_object(
    'notes', coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'text', n.text,
      'author', jsonb_build_object('name', n.author_name), 'createdAt', ${utc('n.created_at')}) order by n.id)
      from evidence_notes n where n.evidence_id = e.id), '[]'),
    'customMetadata', e.custom_metadata, 'sensitiveContentWarning', e.sensitive_content_warning,
    'source', jsonb_build_object('model', e.source->'model', 'serialNumber', e.source->'serialNumber'),
    'location', e.location, 'gpsTrack', e.gps_track, 'multicamGroup', e.multicam_group, 'fleet', e.fleet,
    'markers', coalesce((select jsonb_agg(jsonb_build_object('kind', m.kind, 'atSeconds', m.at_seconds, 'text', m.text)
      order by m.at_seconds, m.id) from evidence_markers m where m.evidence_id = e.id), '[]'),
    'cases', coalesce((select jsonb_agg(ce.case_id order by ce.case_id) from case_evidence ce
      where ce.evidence_id = e.id), '[]'),
    'hold', e.hold, 'queuedForDeletionOn', ${utc('e.queued_for_deletion_on')},
    'deletion', (select jsonb_build_object('queuedBy', d.queued_by, 'queuedAt', ${utc('d.queued_at')},
      'destroyAfter', ${utc('d.destroy_after')}) from deletions d
      where d.evidence_id = e.id and e.state = 'queued_for_deletion'), 'copiedFrom', e.copied_from, 'scan', e.scan,
    'attachments', coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'fileName', a.file_name,
      'contentType', a.content_type, 'size', a.size, 'sha256', a.sha256, 'createdAt', ${utc('a.created_at')}) order by a.id)
      from evidence_attachments a where a.evidence_id = e.id), '[]')
  )`,
};

/**
 * Evidence in a list of one case: it is new or not in that case, whatever others say. The planner is
 * held to begin with the case: it would look at all evidence in the order of the list.
 */
export const CASE_EVIDENCE: ViewSql = {
  from: `case_evidence ce cross join lateral
    (select * from evidence where evidence.id = ce.evidence_id offset 0) e`,
  alias: 'e',
  key: 'ce.evidence_id',
  view: `${EVIDENCE.view} || jsonb_build_object('isNew', ce.seen_at is null)`,
};

/** Evidence with what exports say of sharing. */
export interface ExportedEvidence {
  readonly view: EvidenceView;
  readonly sharing: SharingColumns;
}

/** Evidence of a case, as an export has it. */
export const EXPORTED_EVIDENCE: ViewSql = {
  ...CASE_EVIDENCE,
  view: `json_build_object('view', ${CASE_EVIDENCE.view}, 'sharing', ${EVIDENCE_SHARING})`,
};

/** The evidence with this id; whether it may be seen was decided before. */
export async function readEvidence(em: EntityManager, id: EvidenceId): Promise<EvidenceView> {
  const found = await readOne<EvidenceView>(em, EVIDENCE, { sql: 'e.id = ?', values: [id] });
  if (found === null) throw new Error(`evidence ${id} vanished while it was read`);
  return found.body;
}
