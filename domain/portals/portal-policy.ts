/** Who may do what with portals. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, notFound } from '../errors.ts';
import type { Feature } from '../identity/organization.entity.ts';
import type { Permission } from '../identity/permissions.ts';
import { level, requirePermissions, type Staff } from '../identity/staff.ts';
import type { PortalId } from '../ids.ts';
import { allOf, type Condition, EVERY, NO } from '../sql.ts';
import { Portal, type PortalKind } from './portal.entity.ts';
import type { PortalMaker } from './portal-maker.ts';

/** The feature that a kind of portal takes. */
export function featureOf(kind: PortalKind): Feature {
  return kind === 'incident_report' ? 'communityRequestPlus' : 'communityRequest';
}

/** A portal is the user's own where it runs it, or owns what comes in through it. */
export function isOwnPortal(
  staff: Staff,
  portal: Pick<Portal, 'ownerId' | 'evidenceOwnerId'>,
): boolean {
  return portal.ownerId === staff.id || portal.evidenceOwnerId === staff.id;
}

/** The portals, named `p` in the query, that a user may see. */
export function visiblePortals(staff: Staff): Condition {
  const ofOrganization = { sql: 'p.organization_id = ?', values: [staff.organization.id] };
  const reach = level(staff, 'portal.view');
  if (reach === 'none') return NO;
  const own: Condition = {
    sql: 'p.owner_id = ? or p.evidence_owner_id = ?',
    values: [staff.id, staff.id],
  };
  return allOf(ofOrganization, reach === 'any' ? EVERY : own);
}

/** @throws DomainError `permission-missing` where the user sees no portal at all */
export function requireSeesPortals(staff: Staff): void {
  requirePermissions(staff, ['portal.view'], true);
}

/**
 * A portal that the user may see, and has these permissions for.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requirePortal(
  em: EntityManager,
  staff: Staff,
  id: PortalId,
  permissions: readonly Permission[] = [],
  options: { readonly lock?: LockMode } = {},
): Promise<Portal> {
  const found = await em.findOne(
    Portal,
    { id, organizationId: staff.organization.id },
    options.lock === undefined ? {} : { lockMode: options.lock, refresh: true },
  );
  if (found === null) throw notFound('portal');
  requirePermissions(staff, ['portal.view', ...permissions], isOwnPortal(staff, found));
  return found;
}

/**
 * Takes the lock of a portal that its maker may change: of one that staff edit, or that the client made.
 * @throws DomainError `not-found`, also for another organization's or client's; `permission-missing`
 */
export async function lockPortal(
  em: EntityManager,
  by: PortalMaker,
  id: PortalId,
): Promise<Portal> {
  const lock = LockMode.PESSIMISTIC_WRITE;
  if (by.type === 'staff')
    return requirePortal(em, by.staff, id, ['portal.editAndClose'], { lock });
  const { clientId, organization } = by.client;
  const found = await em.findOne(
    Portal,
    { id, organizationId: organization.id, apiClientId: clientId },
    { lockMode: lock, refresh: true },
  );
  if (found === null) throw notFound('portal');
  return found;
}

/** @throws DomainError `wrong-state` where the portal is closed */
export function requireNotClosed(portal: Portal): void {
  if (portal.closedAt == null) return;
  throw new DomainError('wrong-state', 'The portal is closed. Make a new one.', {
    members: { state: 'closed' },
  });
}
