import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, ShareId } from '../../../domain/ids.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import { COPY_VIEW } from './copies.ts';
import { DOWNLOAD_LINK_VIEW } from './download-links.ts';
import { PARTNER_ACCESS_VIEW } from './partner-access.ts';
import type { shareView } from './schema.ts';

type ShareView = z.input<typeof shareView>;

/** Shares of every method, each as its own file says. */
const SHARE_VIEW: ViewSql = {
  from: 'shares',
  alias: 'shares',
  view: `case shares.method when 'partner_access' then ${PARTNER_ACCESS_VIEW}
    when 'copy' then ${COPY_VIEW} when 'download_link' then ${DOWNLOAD_LINK_VIEW} end`,
};

/** @throws DomainError `not-found`, also for a share of another organization */
export async function readShare(
  em: EntityManager,
  staff: Staff,
  shareId: ShareId,
): Promise<{ body: ShareView; version: number }> {
  const found = await readOne<ShareView>(em, SHARE_VIEW, {
    sql: 'shares.id = ? and shares.organization_id = ?',
    values: [shareId, staff.organization.id],
  });
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
    {
      sql: 'shares.case_id = ? and shares.organization_id = ?',
      values: [caseId, staff.organization.id],
    },
    asked,
  );
}
