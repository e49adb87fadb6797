import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../errors.ts';
import { isOwnCase, ownEvidence, requirePermissions, type Staff } from '../identity/staff.ts';
import type { CaseId, EvidenceId, ShareId } from '../ids.ts';

/** Something that has an audit of its own. */
export type Audited =
  | { readonly type: 'case'; readonly id: CaseId }
  | { readonly type: 'evidence'; readonly id: EvidenceId }
  | { readonly type: 'share'; readonly id: ShareId };

const TABLES = { case: 'cases', evidence: 'evidence', share: 'shares' } as const;

/**
 * Refuses unless the staff member may see what happened to this object.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requireAuditView(
  em: EntityManager,
  staff: Staff,
  audited: Audited,
): Promise<void> {
  const found = await em.execute<unknown[]>(
    `select 1 from ${TABLES[audited.type]} where id = ? and organization_id = ?`,
    [audited.id, staff.organization.id],
  );
  if (found.length === 0) throw notFound(audited.type);
  requirePermissions(staff, ['audit.view'], await isOwn(em, staff, audited));
}

async function isOwn(em: EntityManager, staff: Staff, audited: Audited): Promise<boolean> {
  switch (audited.type) {
    case 'case':
      return isOwnCase(em, staff, audited.id);
    case 'evidence':
      return (await ownEvidence(em, staff, [audited.id])).has(audited.id);
    case 'share': {
      const made = await em.execute<unknown[]>(
        'select 1 from shares where id = ? and created_by = ?',
        [audited.id, staff.id],
      );
      return made.length > 0;
    }
    default:
      return audited satisfies never;
  }
}
