import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, changedAfter, differing } from '../change.ts';
import { databaseNow, daysAfter } from '../clock.ts';
import { invalid } from '../errors.ts';
import { requireFeature, type Staff } from '../identity/staff.ts';
import type { CategoryId, InviteId, OrganizationId, PortalId, UserId } from '../ids.ts';
import { requireIncidentReports } from '../integration/client-grant.ts';
import { readIntegration } from '../integration/settings.ts';
import { uuids } from '../sql.ts';
import { incidentInfoOf } from './invite-settings.ts';
import { eraseAddresses } from './invites/contact.ts';
import { inviteLife, portalLife } from './invites/invite-place.ts';
import type { Portal } from './portal.entity.ts';
import { incidentFaults, namedFaults, pointersOf } from './portal-fields.ts';
import type { PortalMaker } from './portal-maker.ts';
import { entryOfPortal } from './portal-place.ts';
import { featureOf, lockPortal, requireNotClosed, requirePortal } from './portal-policy.ts';
import { readSettings } from './settings.ts';

/** What may be changed of a portal. */
export interface PortalFields {
  readonly title: string | null;
  readonly description: string | null;
  /** All of them. */
  readonly categoryIds: readonly CategoryId[];
  readonly ownerId: UserId;
  readonly evidenceOwnerId: UserId;
  /** From now; null: it stays open until it is closed. */
  readonly durationDays: number | null;
}

/**
 * Changes a portal that is not closed, under its lock; where it is so already, nothing happens. Files
 * that were handed in stay whose they are.
 * @param check is called with the portal's version before anything changes
 * @throws DomainError `not-found`, `permission-missing`, `feature-missing`, `wrong-state`;
 *   `validation-failed` with every fault
 */
export async function changePortal(
  act: Act,
  by: PortalMaker,
  portalId: PortalId,
  change: Change<PortalFields>,
  check: (version: number) => void,
): Promise<Portal> {
  const { em } = act;
  const portal = await lockPortal(em, by, portalId);
  if (by.type === 'staff') requireFeature(by.staff, featureOf(portal.kind));
  else requireIncidentReports(by.client);
  check(portal.version);
  requireNotClosed(portal);
  await requireNoFaults(em, by, portal, change);
  const { categoryIds, durationDays, ...wanted } = change;
  const fields = differing<Omit<PortalFields, 'categoryIds' | 'durationDays'>>(wanted, portal);
  const changed: string[] = Object.keys(fields);
  if (categoryIds !== undefined && (await replaceCategories(em, portalId, categoryIds))) {
    changed.push('categoryIds');
  }
  const now = await databaseNow(em);
  if (durationDays !== undefined) {
    const expiresAt = durationDays === null ? null : daysAfter(now, durationDays);
    if (expiresAt !== (portal.expiresAt ?? null)) {
      em.assign(portal, { expiresAt });
      changed.push('expiresAt');
      await wakeInvites(act, portal);
    }
  }
  if (changed.length === 0) return portal;
  em.assign(portal, { ...fields, updatedAt: changedAfter(portal.updatedAt) });
  act.wake(lifeOf(portal));
  act.audit({
    ...entryOfPortal(portal),
    action: 'portal.changed',
    data: {
      fields: changed.sort(),
      owner: portal.ownerId,
      evidenceOwner: portal.evidenceOwnerId,
      expiresAt: portal.expiresAt?.toISOString() ?? null,
    },
  });
  return portal;
}

async function requireNoFaults(
  em: EntityManager,
  by: PortalMaker,
  portal: Portal,
  change: Change<PortalFields>,
): Promise<void> {
  const { organizationId, kind } = portal;
  // By the names of whoever asks: staff calls the fields of an incident report as of any other portal.
  const pointers = pointersOf(by.type === 'staff' ? 'individual' : kind);
  const rules = incidentInfoOf(await readSettings(em, organizationId), kind);
  const integration = kind === 'incident_report' ? await readIntegration(em, organizationId) : null;
  const hasDefault = integration !== null && integration.defaultCategoryId !== null;
  const filled = {
    description: change.description,
    // Where none is left the default counts: that is no fault.
    categories:
      change.categoryIds?.length === 0 && hasDefault ? undefined : change.categoryIds?.length,
  };
  const faults = [
    ...incidentFaults(rules, filled, pointers),
    ...(await namedFaults(em, organizationId, change, pointers)),
  ];
  if (faults.length > 0) throw invalid(...faults);
}

async function replaceCategories(
  em: EntityManager,
  portalId: PortalId,
  categoryIds: readonly CategoryId[],
): Promise<boolean> {
  const wanted = uuids(new Set(categoryIds));
  const removed = await em.execute<unknown[]>(
    'delete from portal_categories where portal_id = ? and category_id <> all (?::uuid[]) returning 1',
    [portalId, wanted],
  );
  const added = await em.execute<unknown[]>(
    `insert into portal_categories (portal_id, category_id) select ?, unnest(?::uuid[])
     on conflict do nothing returning 1`,
    [portalId, wanted],
  );
  return removed.length > 0 || added.length > 0;
}

/**
 * Closes a portal, under its lock, which handing in takes too: what was handed in is kept, and nothing
 * more is taken. One that is closed already stays as it is.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function closePortal(act: Act, by: PortalMaker, portalId: PortalId): Promise<Portal> {
  const portal = await lockPortal(act.em, by, portalId);
  if (portal.closedAt != null) return portal;
  const now = await databaseNow(act.em);
  act.em.assign(portal, { closedAt: now, updatedAt: now });
  await act.em.flush();
  await eraseAddresses(act.em, await wakeInvites(act, portal));
  act.wake(lifeOf(portal));
  act.audit({ ...entryOfPortal(portal), action: 'portal.closed' });
  return portal;
}

/**
 * Marks all that was handed in through a portal as seen: the owner of a public one is told of the next
 * submission again.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function markSeen(act: Act, staff: Staff, portalId: PortalId): Promise<Portal> {
  const { em } = act;
  const sighted = await requirePortal(em, staff, portalId, ['evidence.triage']);
  // Entities before what hangs on them: the life of the portal locks it first too.
  await em.execute('select from portals where id = ? for no key update', [portalId]);
  const [seen] = await em.execute<{ untold: number }[]>(
    `with seen as (update submissions set told_in = 0 where portal_id = ? and told_in is null returning 1)
     select count(*)::int as untold from seen`,
    [portalId],
  );
  const told = await em.execute<unknown[]>(
    `update portal_progress set submission_told_at = null
     where portal_id = ? and submission_told_at is not null returning 1`,
    [portalId],
  );
  await em.execute('update portals set seen_at = clock_timestamp() where id = ?', [portalId]);
  await em.refresh(sighted);
  if ((seen?.untold ?? 0) === 0 && told.length === 0) return sighted;
  act.wake(lifeOf(sighted));
  act.audit({ ...entryOfPortal(sighted), action: 'portal.seen' });
  return sighted;
}

/** Makes the lives of a portal's invites through which something may still come plan anew. */
async function wakeInvites(act: Act, portal: Portal): Promise<InviteId[]> {
  const rows = await act.em.execute<{ id: InviteId; organization_id: OrganizationId }[]>(
    `select i.id, i.organization_id from invites i join invite_progress ip on ip.invite_id = i.id
     where i.portal_id = ? and i.spent_at is null
       and (ip.discarded_for is null or ip.discarded_for < i.expires_at)
     order by i.id`,
    [portal.id],
  );
  for (const { id: inviteId, organization_id: organizationId } of rows) {
    act.wake(inviteLife({ inviteId, portalId: portal.id, organizationId }));
  }
  return rows.map(({ id }) => id);
}

function lifeOf({ id: portalId, organizationId }: Portal) {
  return portalLife({ portalId, organizationId });
}
