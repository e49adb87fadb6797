import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, ShareId } from '../../../domain/ids.ts';
import { LINK_STATE, SESSIONS_COUNTED } from '../../../domain/sharing/link-state.ts';
import { readOne, readPage, utc, type ViewSql } from '../../list.ts';
import type { shareView } from './schema.ts';

type ShareView = z.input<typeof shareView>;

const SHARE_VIEW: ViewSql = {
  from: 'shares',
  alias: 'shares',
  view: /* sql */ `json_build_object(
    'id', shares.id, 'method', shares.method, 'state', ${LINK_STATE}, 'caseId', shares.case_id,
    'scope', case shares.scope when 'entire_case' then json_build_object('type', 'entire_case')
      else json_build_object('type', 'selected', 'evidenceIds',
        (select json_agg(i.evidence_id order by i.position) from share_items i where i.share_id = shares.id)) end,
    'format', shares.format, 'durationDays', shares.duration_days,
    'passphrase', shares.passphrase_hash is not null,
    'notifyOnFirstDownload', shares.notify_on_first_download,
    'createdAt', ${utc('shares.created_at')},
    'createdBy', (select json_build_object('id', u.id, 'name', u.name) from users u where u.id = shares.created_by),
    'expiresAt', ${utc('shares.expires_at')}, 'revokedAt', ${utc('shares.revoked_at')},
    'failure', shares.failure, 'resharedFrom', shares.reshared_from,
    'progress', (select json_build_object('done', count(i.sha256), 'total', count(*), 'unit', 'files')
      from share_items i where i.share_id = shares.id),
    'package', case when shares.package_size is not null
      then json_build_object('size', shares.package_size, 'etag', shares.package_etag) end,
    'downloads', json_build_object('sessions', ${SESSIONS_COUNTED},
      'completed', (select count(*) from download_sessions d where d.share_id = shares.id and d.completed_at is not null),
      'limit', shares.download_limit),
    'attention', (select l.attention from lifecycles l where l.workflow_id = 'download-link:' || shares.id)
  )`,
};

/** @throws DomainError `not-found`, also for a share of another organization */
export async function readShare(
  em: EntityManager,
  staff: Staff,
  shareId: ShareId,
): Promise<{ body: ShareView; version: number }> {
  const found = await readOne<ShareView>(
    em,
    SHARE_VIEW,
    'shares.id = ? and shares.organization_id = ?',
    [shareId, staff.organization.id],
  );
  if (found === null) throw notFound('share');
  return found;
}

/** A page of a case's shares, oldest first. */
export async function readShares(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
  asked: { readonly limit: number; readonly cursor?: string | undefined },
) {
  return readPage<ShareView>(
    em,
    SHARE_VIEW,
    'shares.case_id = ? and shares.organization_id = ?',
    [caseId, staff.organization.id],
    asked,
  );
}
