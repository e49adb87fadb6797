import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { databaseNow } from '../clock.ts';
import { notFound } from '../errors.ts';
import { lockOwn } from '../identity/lock-own.ts';
import { requirePermissions, type Staff } from '../identity/staff.ts';
import type { CaseId, ShareId } from '../ids.ts';
import type { Share, ShareMethod } from './share.entity.ts';

/**
 * A share of this method that its creator, or somebody with `case.share: any`, wants to change.
 * @returns it under its lock, with PostgreSQL's clock after the lock
 * @throws DomainError `not-found`, also for a share of another organization; `permission-missing`
 */
export async function lockShare<Method extends Share>(
  em: EntityManager,
  entity: EntityName<Method>,
  staff: Staff,
  shareId: ShareId,
): Promise<{ readonly share: Method; readonly now: Date }> {
  const share = await lockOwn<Method>(em, entity, staff, shareId, 'share');
  requirePermissions(staff, ['case.share'], share.createdBy === staff.id);
  return { share, now: await databaseNow(em) };
}

/** By which method a share is made, and of which case: neither ever changes. */
export async function shareMethod(
  em: EntityManager,
  staff: Staff,
  shareId: ShareId,
): Promise<{ readonly method: ShareMethod; readonly caseId: CaseId }> {
  const [share] = await em.execute<{ method: ShareMethod; case_id: CaseId }[]>(
    'select method, case_id from shares where id = ? and organization_id = ?',
    [shareId, staff.organization.id],
  );
  if (share === undefined) throw notFound('share');
  return { method: share.method, caseId: share.case_id };
}
