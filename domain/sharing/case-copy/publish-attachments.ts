/** What goes along with copied evidence, each chosen when the case is shared. */
import type { Act } from '../../act.ts';
import { newId } from '../../ids.ts';
import { MARKERS_COPIED } from './copied-fields.ts';
import type { CopyDelivery } from './delivery.entity.ts';

/** Notes, under the names of their authors: who wrote them is nobody at the partner. */
export async function publishNotes(act: Act, delivery: CopyDelivery): Promise<void> {
  const notes = await act.em.execute<{ id: string }[]>(
    `select n.id from copy_items i join evidence_notes n on n.evidence_id = i.evidence_id
     where i.delivery_id = ? order by n.id`,
    [delivery.id],
  );
  await act.em.execute(
    `insert into evidence_notes (id, evidence_id, text, author_id, author_name, created_at)
     select c.target, i.target_evidence_id, n.text, null, n.author_name, n.created_at
     from json_to_recordset(?::json) as c (id uuid, target uuid)
     join evidence_notes n on n.id = c.id
     join copy_items i on i.evidence_id = n.evidence_id and i.delivery_id = ?`,
    [withTargets(notes), delivery.id],
  );
}

/** Markers become bookmarks of the file. */
export async function publishMarkers(act: Act, delivery: CopyDelivery): Promise<void> {
  const kinds = `{${MARKERS_COPIED.join(',')}}`;
  const markers = await act.em.execute<{ id: string }[]>(
    `select k.id from copy_items i join evidence_markers k on k.evidence_id = i.evidence_id
     where i.delivery_id = ? and k.kind = any(?::text[]) order by k.id`,
    [delivery.id, kinds],
  );
  await act.em.execute(
    `insert into evidence_markers (id, evidence_id, kind, at_seconds, text, created_at)
     select c.target, i.target_evidence_id, 'bookmark', k.at_seconds, k.text, k.created_at
     from json_to_recordset(?::json) as c (id uuid, target uuid)
     join evidence_markers k on k.id = c.id
     join copy_items i on i.evidence_id = k.evidence_id and i.delivery_id = ?`,
    [withTargets(markers), delivery.id],
  );
}

/** The audit trails, which lie in the store already. */
export async function publishAttachments(
  act: Act,
  delivery: CopyDelivery,
  now: Date,
): Promise<void> {
  const trails = await act.em.execute<{ id: string }[]>(
    `select target_evidence_id as id from copy_items
     where delivery_id = ? and trail_sha256 is not null order by position`,
    [delivery.id],
  );
  await act.em.execute(
    `insert into evidence_attachments (id, evidence_id, kind, file_name, content_type, size, sha256,
       object_key, object_version, object_etag, created_at)
     select c.target, i.target_evidence_id, 'audit_trail', 'audit-trail-' || s.evidence_number || '.pdf',
       'application/pdf', i.trail_size, i.trail_sha256, i.trail_key, i.trail_version, i.trail_etag,
       ?::timestamptz
     from json_to_recordset(?::json) as c (id uuid, target uuid)
     join copy_items i on i.target_evidence_id = c.id
     join evidence s on s.id = i.evidence_id`,
    [now, withTargets(trails)],
  );
}

function withTargets(rows: readonly { readonly id: string }[]): string {
  return JSON.stringify(rows.map(({ id }) => ({ id, target: newId() })));
}
