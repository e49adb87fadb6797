import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Condition } from '../../../domain/cases/visibility.ts';
import type { EvidenceId } from '../../../domain/ids.ts';
import { utc } from '../../list.ts';
import type { evidenceView } from './schema.ts';

export type EvidenceView = z.input<typeof evidenceView>;

interface EvidenceRow {
  id: EvidenceId;
  view: EvidenceView;
}

/** The fields of `json_build_object`; twice, since a function takes 100 arguments. */
const EVIDENCE_VIEW = /* sql */ `
  jsonb_build_object(
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
    'hold', e.hold, 'queuedForDeletionOn', ${utc('e.queued_for_deletion_on')}, 'copiedFrom', e.copied_from
  ) as view, e.id`;

/** The evidence with this id; whether it may be seen was decided before. */
export async function readEvidence(em: EntityManager, id: EvidenceId): Promise<EvidenceView> {
  const [row] = await em.execute<EvidenceRow[]>(
    `select ${EVIDENCE_VIEW} from evidence e where e.id = ?`,
    [id],
  );
  if (row === undefined) throw new Error(`evidence ${id} vanished while it was read`);
  return row.view;
}

/** The evidence of a case that a condition on `e` and `ce` selects, oldest first. */
export async function readCaseEvidence(
  em: EntityManager,
  selected: Condition,
  range: { readonly after: string | null; readonly limit: number },
): Promise<EvidenceRow[]> {
  const rows = await em.execute<(EvidenceRow & { is_new: boolean })[]>(
    `select ${EVIDENCE_VIEW}, ce.seen_at is null as is_new
     from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ${selected.sql} and (?::uuid is null or e.id > ?::uuid) order by e.id limit ?`,
    [...selected.values, range.after, range.after, range.limit],
  );
  // In a list of one case only that case counts.
  return rows.map(({ id, view, is_new: isNew }) => ({ id, view: { ...view, isNew } }));
}

/** How many pieces of evidence a condition on `e` and `ce` selects. */
export async function countCaseEvidence(em: EntityManager, selected: Condition): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ${selected.sql}`,
    [...selected.values],
  );
  return row?.count ?? 0;
}
