/** What partners give a user by reference, as that user sees it: what it may see at this moment. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import { previewType } from '../../../domain/evidence/preview.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { EvidenceId, ShareId } from '../../../domain/ids.ts';
import {
  ACCESS_OPEN,
  IS_RECIPIENT,
  SHOWN_NOW,
  SHOWS_EVIDENCE,
} from '../../../domain/sharing/partner-access/access-grant.ts';
import { type Condition, utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import type { receivedEvidenceView, receivedShareView } from './schema.ts';

export type ReceivedShare = z.input<typeof receivedShareView>;
export type ReceivedEvidence = z.input<typeof receivedEvidenceView>;

/** A page that is asked for. */
interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Who looks. */
type Reader = Pick<Staff, 'id' | 'organization'>;

/** Shares, as users of the partner see them. */
const SHARES: ViewSql = {
  from: `shares join users u on u.organization_id = shares.partner_organization_id
      join cases c on c.id = shares.case_id join organizations o on o.id = shares.organization_id`,
  alias: 'shares',
  view: /* sql */ `json_build_object('id', shares.id,
      'from', json_build_object('id', o.id, 'slug', o.slug, 'name', o.name),
      'sharedBy', (select json_build_object('name', by.name) from users by where by.id = shares.created_by),
      'case', json_build_object('caseNumber', c.case_number, 'title', c.title,
        'description', c.description, 'tags', to_json(c.tags)),
      'access', shares.access, 'message', shares.message,
      'evidenceCount', (select count(*) from evidence e
        where e.id in (select ce.evidence_id from case_evidence ce where ce.case_id = shares.case_id)
          and ${SHOWS_EVIDENCE}),
      'sharedAt', ${utc('shares.created_at')}, 'expiresAt', ${utc('shares.expires_at')})`,
};

function openTo({ id, organization }: Reader, narrower: Condition): Condition {
  return {
    sql: `u.id = ? and shares.partner_organization_id = ? and ${ACCESS_OPEN} and ${IS_RECIPIENT}
      and ${narrower.sql}`,
    values: [id, organization.id, ...narrower.values],
  };
}

/** A page of the shares that a user may open, newest first. */
export async function readReceivedShares(em: EntityManager, reader: Reader, asked: Asked) {
  const condition = openTo(reader, { sql: 'true', values: [] });
  return readPage<ReceivedShare>(em, SHARES, condition, asked, { order: 'newest first' });
}

/** @throws DomainError `not-found` for what the user may not open, whatever the reason */
export async function readReceivedShare(
  em: EntityManager,
  reader: Reader,
  shareId: ShareId,
): Promise<ReceivedShare> {
  const condition = openTo(reader, { sql: 'shares.id = ?', values: [shareId] });
  const found = await readOne<ReceivedShare>(em, SHARES, condition);
  if (found === null) throw notFound('share');
  return found.body;
}

type EvidenceRow = Omit<ReceivedEvidence, 'preview'>;

/** Evidence of shares, as users of the partner see it. */
const EVIDENCE: ViewSql = {
  from: `shares join users u on u.organization_id = shares.partner_organization_id
      join case_evidence own on own.case_id = shares.case_id
      join evidence e on e.id = own.evidence_id`,
  alias: 'e',
  view: /* sql */ `json_build_object('id', e.id, 'evidenceNumber', e.evidence_number, 'title', e.title,
      'description', e.description,
      'file', json_build_object('name', e.file_name, 'contentType', e.content_type, 'size', e.size,
        'sha256', e.sha256),
      'recordedAt', ${utc('e.recorded_at')}, 'uploadedAt', ${utc('e.uploaded_at')},
      'uploadedBy', json_build_object('name', e.uploaded_by->>'name'),
      'evidenceGroup', coalesce(e.original_evidence_group,
        (select g.name from groups g where g.id = e.evidence_group_id)),
      'categories', coalesce((select json_agg(k.name order by k.name) from evidence_categories ec
        join categories k on k.id = ec.category_id where ec.evidence_id = e.id), '[]'),
      'tags', to_json(e.tags), 'customMetadata', e.custom_metadata,
      'sensitiveContentWarning', e.sensitive_content_warning,
      'source', json_build_object('model', e.source->'model', 'serialNumber', e.source->'serialNumber'),
      'location', e.location, 'gpsTrack', e.gps_track, 'multicamGroup', e.multicam_group, 'fleet', e.fleet,
      'mayDownload', shares.access = 'view_and_download', 'watermark', e.copied_from->'watermark')`,
};

function shownTo(reader: Reader, shareId: ShareId, narrower: Condition): Condition {
  return openTo(reader, {
    sql: `shares.id = ? and ${SHOWN_NOW} and ${narrower.sql}`,
    values: [shareId, ...narrower.values],
  });
}

function presented(row: EvidenceRow): ReceivedEvidence {
  return { ...row, preview: previewKind(row.file.contentType) };
}

/** How a browser shows a file of this type in place. */
function previewKind(contentType: string): ReceivedEvidence['preview'] {
  const [kind] = previewType(contentType)?.split('/') ?? [];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : null;
}

/**
 * A page of the evidence that a share shows, oldest first.
 * @throws DomainError `not-found` where the user may not open the share
 */
export async function readReceivedEvidencePage(
  em: EntityManager,
  reader: Reader,
  shareId: ShareId,
  asked: Asked,
) {
  await readReceivedShare(em, reader, shareId);
  const condition = shownTo(reader, shareId, { sql: 'true', values: [] });
  const { data, page } = await readPage<EvidenceRow>(em, EVIDENCE, condition, asked);
  return { data: data.map(presented), page };
}

/** @throws DomainError `not-found` where the share does not show it to the user, whatever the reason */
export async function readReceivedEvidence(
  em: EntityManager,
  reader: Reader,
  shareId: ShareId,
  evidenceId: EvidenceId,
): Promise<ReceivedEvidence> {
  const condition = shownTo(reader, shareId, { sql: 'e.id = ?', values: [evidenceId] });
  const found = await readOne<EvidenceRow>(em, EVIDENCE, condition);
  if (found === null) throw notFound('evidence');
  return presented(found.body);
}
