/**
 * What becomes of each field when a copy is shared: the table "Metadata that's included when you share a
 * copy of a case" of `product/case-sharing`, and its table of attachments, written once. The statements
 * that publish a copy are put together from it (`copy-sql.ts`).
 *
 * The SQL speaks of `s`, the source evidence; `g`, its evidence group; `m`, the copy's multicam group; and
 * `t`, what is the same for all of a delivery: `recipient`, `source_organization`, `copied_at`.
 */

import { utc } from '../../sql.ts';
import type { CopyAttachment } from './case-copy.entity.ts';

/** What the table says of a field. */
export type CopyRule =
  /** "Same". */
  | { readonly rule: 'same'; readonly into: string; readonly sql: string }
  /** "Same: (ref value)": kept as text that points to nothing. */
  | { readonly rule: 'reference'; readonly into: string; readonly sql: string }
  /** "Update value". */
  | { readonly rule: 'updated'; readonly into: string; readonly sql: string }
  /** "Recalculate". */
  | { readonly rule: 'recalculated'; readonly into: string; readonly sql: string }
  /** "Target field: tags": an array of tags. */
  | { readonly rule: 'tags'; readonly sql: string }
  /** Rows of another table, written by a statement of their own; some only with an attachment. */
  | { readonly rule: 'rows'; readonly table: string; readonly attachment?: CopyAttachment }
  /** "n/a". */
  | { readonly rule: 'not copied' };

/** One row of the table. */
export type CopiedField = { readonly section: string; readonly field: string } & CopyRule;

const vehicleTag = tag('vehicleId', `s.fleet->>'vehicleId'`);
const hasGeneration = (generation: 2 | 3) => `(s.fleet->>'generation')::int = ${generation}`;

export const COPIED_FIELDS = [
  {
    section: 'Evidence',
    field: 'Access List (Users/Groups)',
    rule: 'rows',
    table: 'evidence_access',
  },
  {
    section: 'Evidence',
    field: 'Assignee',
    rule: 'updated',
    into: 'assignee_id',
    sql: 't.recipient',
  },
  { section: 'Evidence', field: 'Recorded On', ...same('recorded_at') },
  { section: 'Evidence', field: 'Uploaded On', ...same('uploaded_at') },
  {
    ...{ section: 'Evidence', field: 'Uploaded By', rule: 'reference', into: 'uploaded_by' },
    sql: `s.uploaded_by || '{"id": null}'`,
  },
  {
    // Worked out in the same transaction, when the evidence lies in its case.
    ...{ section: 'Evidence', field: 'Queued for Deletion On', rule: 'recalculated' },
    ...{ into: 'queued_for_deletion_on', sql: 'null::timestamptz' },
  },
  { section: 'Evidence', field: 'File Format', ...same('content_type') },
  { section: 'Evidence', field: 'File Name', ...same('file_name') },
  { section: 'Evidence', field: 'File Size', ...same('size') },
  { section: 'Evidence', field: 'Document Checksum', ...same('sha256') },
  { section: 'Evidence', field: 'Document Checksum (CRC-32)', ...same('crc32') },
  { section: 'Evidence', field: 'Malware scan', ...same('scan') },
  {
    ...{ section: 'Evidence', field: 'Evidence Group', rule: 'reference' },
    ...{ into: 'original_evidence_group', sql: 'coalesce(g.name, s.original_evidence_group)' },
  },
  { section: 'Evidence', field: 'Cases', rule: 'rows', table: 'case_evidence' },
  {
    ...{ section: 'Evidence', field: 'Categories/auto-categories', rule: 'tags' },
    sql: `array(select 'category: ' || k.name from evidence_categories ec
      join categories k on k.id = ec.category_id where ec.evidence_id = s.id order by k.name, k.id)`,
  },
  { section: 'Evidence', field: 'Tags', rule: 'tags', sql: 's.tags' },
  { section: 'Evidence', field: 'Title', ...same('title') },
  { section: 'Evidence', field: 'Description', ...same('description') },
  { section: 'Evidence', field: 'Classification', ...same('classification') },
  {
    section: 'Evidence',
    field: 'Notes',
    rule: 'rows',
    table: 'evidence_notes',
    attachment: 'notes',
  },
  {
    ...{ section: 'Evidence', field: 'Custom Metadata', rule: 'tags' },
    sql: `array(select one.key || ': ' || one.value from jsonb_each_text(s.custom_metadata) as one
      order by one.key)`,
  },
  { section: 'Evidence', field: 'Sensitive content warning', ...same('sensitive_content_warning') },
  { section: 'Source', field: 'Model', ...same('source.model', `s.source->'model'`) },
  {
    ...{ section: 'Source', field: 'Serial Number', rule: 'reference' },
    ...{ into: 'source.serialNumber', sql: `s.source->'serialNumber'` },
  },
  { section: 'Location Map', field: 'Location', ...same('location') },
  { section: 'Location Map', field: 'Dynamic GPS', ...same('gps_track') },
  {
    section: 'Multicam',
    field: 'View',
    rule: 'updated',
    into: 'multicam_group',
    sql: 'm.target_group',
  },
  {
    ...{ section: 'Watermark on Video', field: 'Recording date/time', rule: 'same' },
    ...{ into: 'copied_from.watermark.recordedAt', sql: utc('s.recorded_at') },
  },
  {
    ...{ section: 'Watermark on Video', field: 'Model', rule: 'same' },
    into: 'copied_from.watermark.model',
    sql: `coalesce(s.source->>'model', s.fleet->>'model')`,
  },
  {
    ...{ section: 'Watermark on Video', field: 'Serial Number', rule: 'same' },
    into: 'copied_from.watermark.serialNumber',
    sql: `coalesce(s.source->>'serialNumber', s.fleet->>'serialNumber')`,
  },
  {
    ...{ section: 'Fleet 3', field: 'VehicleID', rule: 'tags' },
    sql: when(hasGeneration(3), vehicleTag),
  },
  { section: 'Fleet 3', field: 'Generation', ...same('fleet.generation', `s.fleet->'generation'`) },
  {
    ...{ section: 'Fleet 3', field: 'Serial', rule: 'reference' },
    ...{ into: 'fleet.serialNumber', sql: `s.fleet->'serialNumber'` },
  },
  { section: 'Fleet 3', field: 'Model', ...same('fleet.model', `s.fleet->'model'`) },
  { section: 'Fleet 3', field: 'Vehicle', rule: 'not copied' },
  {
    ...{ section: 'Fleet 3', field: 'Mount Position', rule: 'tags' },
    sql: when(hasGeneration(3), tag('cameraMountPosition', `s.fleet->>'cameraMountPosition'`)),
  },
  { section: 'Fleet 2', field: 'MountOrientation', rule: 'not copied' },
  {
    ...{ section: 'Fleet 2', field: 'VehicleID', rule: 'tags' },
    sql: when(hasGeneration(2), vehicleTag),
  },
  { section: 'Fleet 2', field: 'MountID', rule: 'not copied' },
  // Serial and Model of Fleet 2 lie in the same fields as those of Fleet 3, and are written there.
  { section: 'Fleet 2', field: 'Vehicle', rule: 'not copied' },
  { section: 'Fleet 2', field: 'Mount', rule: 'not copied' },
  {
    ...{ section: 'Attachments', field: 'Markers: manual, chapter, transcription', rule: 'rows' },
    ...{ table: 'evidence_markers', attachment: 'markers' },
  },
  {
    ...{ section: 'Attachments', field: 'Audit trail', rule: 'rows' },
    ...{ table: 'evidence_attachments', attachment: 'audit_trail' },
  },
  { section: 'Attachments', field: 'Markers: Axon signal', rule: 'not copied' },
] as const satisfies readonly CopiedField[];

/** Kinds of markers that become bookmarks of the file; the others are not copied. */
export const MARKERS_COPIED = ['manual', 'chapter', 'transcription', 'bookmark'] as const;

/** A field that keeps its value. */
function same<Into extends string>(into: Into, sql = `s.${into}`) {
  return { rule: 'same', into, sql } as const;
}

/** SQL for the tag `name: value`, an array of none where the value is null. */
function tag(name: string, value: string): string {
  return `array_remove(array['${name}: ' || nullif(${value}, '')], null)`;
}

/** SQL for tags that are there under a condition only. */
function when(condition: string, tags: string): string {
  return `case when ${condition} then ${tags} else '{}'::text[] end`;
}
