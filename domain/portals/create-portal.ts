import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { requireReadableCase } from '../cases/visibility.ts';
import { databaseNow, daysAfter } from '../clock.ts';
import { DomainError, invalid } from '../errors.ts';
import { isOwnCase, requireFeature, requirePermissions, type Staff } from '../identity/staff.ts';
import { type CaseId, type CategoryId, newId, type PortalId, type UserId } from '../ids.ts';
import { requireIncidentReports } from '../integration/client-grant.ts';
import { requireIntegration } from '../integration/settings.ts';
import { uuids } from '../sql.ts';
import { flushUnique } from '../unique.ts';
import { incidentInfoOf } from './invite-settings.ts';
import { portalLife } from './invites/invite-place.ts';
import { Portal, type PortalKind } from './portal.entity.ts';
import { incidentFaults, namedFaults, pointersOf } from './portal-fields.ts';
import { organizationOf, type PortalMaker } from './portal-maker.ts';
import { entryOfPortal } from './portal-place.ts';
import { featureOf } from './portal-policy.ts';
import { readSettings } from './settings.ts';

/** What whoever makes a portal says of it. */
export interface NewPortal {
  readonly kind: PortalKind;
  /** The case that accepted files come into. */
  readonly caseId: CaseId | null;
  readonly reportId: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly categoryIds: readonly CategoryId[];
  /** For a public portal and only for one. */
  readonly slug: string | null;
  /** Null: the member of staff who makes it, or the integration's request owner. */
  readonly ownerId: UserId | null;
  /** Null: the owner, or the integration's evidence owner. */
  readonly evidenceOwnerId: UserId | null;
  /** Null: it stays open until it is closed. */
  readonly durationDays: number | null;
}

/**
 * Makes a portal.
 * @throws DomainError for a missing permission or feature; `validation-failed` with every fault;
 *   `already-exists` where the slug is taken, or, with `portalId`, where the client has made a portal with
 *   this id of its own before; `wrong-state` while the integration has no owners
 */
export async function createPortal(act: Act, by: PortalMaker, portal: NewPortal): Promise<Portal> {
  const { em } = act;
  await requireMayMake(em, by, portal);
  const organizationId = organizationOf(by).id;
  const pointers = pointersOf(portal.kind);
  const defaults = await defaultsOf(em, by);
  const rules = incidentInfoOf(await readSettings(em, organizationId), portal.kind);
  const categories =
    portal.categoryIds.length + (portal.categoryIds.length > 0 ? 0 : defaults.categories);
  const filled = {
    id: portal.reportId,
    description: portal.description,
    // A default counts where it is required, and is nothing that somebody sent where it is hidden.
    categories: rules.categories === 'required' ? categories : portal.categoryIds.length,
  };
  const faults = [
    ...incidentFaults(rules, filled, pointers),
    ...(await namedFaults(
      em,
      organizationId,
      {
        ...(portal.ownerId === null ? {} : { ownerId: portal.ownerId }),
        ...(portal.evidenceOwnerId === null ? {} : { evidenceOwnerId: portal.evidenceOwnerId }),
        categoryIds: portal.categoryIds,
      },
      pointers,
    )),
  ];
  if (faults.length > 0) throw invalid(...faults);
  await requireNewReport(em, by, portal.reportId);
  const ownerId = portal.ownerId ?? defaults.ownerId;
  return insertPortal(act, by, {
    ...portal,
    ownerId,
    evidenceOwnerId: portal.evidenceOwnerId ?? defaults.evidenceOwnerId ?? ownerId,
  });
}

async function insertPortal(
  act: Act,
  by: PortalMaker,
  portal: NewPortal & { readonly ownerId: UserId; readonly evidenceOwnerId: UserId },
): Promise<Portal> {
  const { em } = act;
  const now = await databaseNow(em);
  const { categoryIds, durationDays, ...fields } = portal;
  const created = em.create(Portal, {
    ...fields,
    id: newId<PortalId>(),
    organizationId: organizationOf(by).id,
    apiClientId: by.type === 'api_client' ? by.client.clientId : null,
    createdBy: by.type === 'staff' ? by.staff.id : null,
    expiresAt: durationDays === null ? null : daysAfter(now, durationDays),
    closedAt: null,
    seenAt: null,
    createdAt: now,
    updatedAt: now,
  });
  await flushUnique(em, 'A public portal of this organization has this slug already.');
  await em.execute(
    `insert into portal_categories (portal_id, category_id) select ?, unnest(?::uuid[])
     on conflict do nothing`,
    [created.id, uuids(new Set(categoryIds))],
  );
  await em.execute('insert into portal_progress (portal_id) values (?)', [created.id]);
  act.wake(portalLife({ portalId: created.id, organizationId: created.organizationId }));
  act.audit({
    ...entryOfPortal(created),
    action: 'portal.created',
    data: {
      kind: created.kind,
      slug: created.slug ?? null,
      owner: created.ownerId,
      evidenceOwner: created.evidenceOwnerId,
      expiresAt: created.expiresAt?.toISOString() ?? null,
    },
  });
  return created;
}

async function requireMayMake(
  em: EntityManager,
  by: PortalMaker,
  portal: NewPortal,
): Promise<void> {
  if (by.type === 'api_client') return requireIncidentReports(by.client);
  const { staff } = by;
  requireFeature(staff, featureOf(portal.kind));
  const permission = portal.kind === 'public' ? 'portal.createPublic' : 'portal.invite';
  const own = portal.ownerId === null || portal.ownerId === staff.id;
  requirePermissions(staff, ['portal.view', permission], own);
  if (portal.caseId !== null) await requireMayFill(em, staff, portal.caseId);
}

/** What comes in and is accepted is put into the case. */
async function requireMayFill(em: EntityManager, staff: Staff, caseId: CaseId): Promise<void> {
  await requireReadableCase(em, staff, caseId);
  requirePermissions(staff, ['case.edit'], await isOwnCase(em, staff, caseId));
}

/** Whose a portal is where nobody is named, and how many categories it has where none is. */
async function defaultsOf(em: EntityManager, by: PortalMaker) {
  if (by.type === 'staff') return { ownerId: by.staff.id, evidenceOwnerId: null, categories: 0 };
  const settings = await requireIntegration(em, by.client.organization.id);
  return {
    ownerId: settings.requestOwnerId,
    evidenceOwnerId: settings.evidenceOwnerId,
    categories: settings.defaultCategoryId === null ? 0 : 1,
  };
}

/** A client's own id is its portal's for good: of two requests at once the second finds the first. */
async function requireNewReport(
  em: EntityManager,
  by: PortalMaker,
  reportId: string | null,
): Promise<void> {
  if (by.type === 'staff' || reportId === null) return;
  const { clientId } = by.client;
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended('portal:' || ? || ':' || ?, 0))`,
    [clientId, reportId],
  );
  const [made] = await em.execute<{ id: PortalId }[]>(
    'select id from portals where api_client_id = ? and report_id = ?',
    [clientId, reportId],
  );
  if (made === undefined) return;
  throw new DomainError('already-exists', 'This client has made a portal with this id before.', {
    members: { portalId: made.id },
  });
}
