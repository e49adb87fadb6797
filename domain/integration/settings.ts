/** The settings of an organization's incident-report integration (product rules, section 5). */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { changedAfter, differing } from '../change.ts';
import { DomainError } from '../errors.ts';
import { Organization } from '../identity/organization.entity.ts';
import { requireFeature, requirePermissions, type Staff } from '../identity/staff.ts';
import { User } from '../identity/user.entity.ts';
import type { CategoryId, OrganizationId, UserId } from '../ids.ts';
import { type Named, requireKnown } from '../require-known.ts';
import { Category } from '../retention/category.entity.ts';
import { IncidentReportIntegration } from './integration.entity.ts';

/** What administrators set of the integration. */
export interface IntegrationSettings {
  readonly requestOwnerId: UserId;
  readonly evidenceOwnerId: UserId;
  readonly notifyRequestOwnerOnPortal: boolean;
  readonly notifyEvidenceOwnerOnSubmission: boolean;
  readonly autoAccept: boolean;
  /** Given to what is handed in through a portal that has no category of its own; null for none. */
  readonly defaultCategoryId: CategoryId | null;
}

/** The organization's settings as they are now; null until an administrator has named both owners. */
export async function readIntegration(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<IntegrationSettings | null> {
  const found = await em.findOne(IncidentReportIntegration, { organizationId });
  return found === null ? null : settingsOf(found);
}

/** What is shown while nothing was set. */
const NOTHING_SET = {
  requestOwnerId: null,
  evidenceOwnerId: null,
  notifyRequestOwnerOnPortal: false,
  notifyEvidenceOwnerOnSubmission: false,
  autoAccept: false,
  defaultCategoryId: null,
};

/** The settings as administrators see them, with their version: 0 while nothing was set. */
export async function readIntegrationVersion(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<{ readonly body: IntegrationSettings | typeof NOTHING_SET; readonly version: number }> {
  const found = await em.findOne(IncidentReportIntegration, { organizationId });
  if (found === null) return { body: NOTHING_SET, version: 0 };
  return { body: settingsOf(found), version: found.version };
}

/**
 * The organization's settings, for a portal that is to be made.
 * @throws DomainError `wrong-state` while no owners are named
 */
export async function requireIntegration(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<IntegrationSettings> {
  const settings = await readIntegration(em, organizationId);
  if (settings !== null) return settings;
  throw new DomainError(
    'wrong-state',
    'The incident-report integration has no request owner and no evidence owner. An administrator has to name both in its settings.',
  );
}

/**
 * Sets all of the integration's settings at once.
 * @param check is called with the version of the present settings, 0 where there are none
 * @throws DomainError `permission-missing`, `feature-missing`; `validation-failed` where an owner or the
 *   category is not of the organization, or an owner is disabled
 */
export async function changeIntegration(
  act: Act,
  staff: Staff,
  settings: IntegrationSettings,
  check: (version: number) => void,
): Promise<void> {
  requireMaySetIntegration(staff);
  const organizationId = staff.organization.id;
  // The row may not be there yet: the organization's stands for it.
  await act.em.findOneOrFail(Organization, organizationId, {
    lockMode: LockMode.PESSIMISTIC_WRITE,
  });
  const found = await act.em.findOne(IncidentReportIntegration, { organizationId });
  check(found?.version ?? 0);
  await requireKnownTo(act.em, organizationId, settings);
  const before = found === null ? null : settingsOf(found);
  const changed = before === null ? settings : differing<IntegrationSettings>(settings, before);
  if (Object.keys(changed).length === 0) return;
  if (found === null) {
    act.em.create(IncidentReportIntegration, {
      ...settings,
      organizationId,
      updatedAt: new Date(),
    });
  } else {
    act.em.assign(found, { ...changed, updatedAt: changedAfter(found.updatedAt) });
  }
  await act.em.flush();
  act.audit({
    organizationId,
    action: 'settings.changed',
    objects: [organizationId],
    data: {
      settings: 'incident-report-integration',
      old: before,
      new: settings,
    },
  });
}

/** @throws DomainError `feature-missing`, `permission-missing` */
export function requireMaySetIntegration(staff: Staff): void {
  requireFeature(staff, 'communityRequestPlus');
  requirePermissions(staff, ['admin.invites'], false);
}

async function requireKnownTo(
  em: EntityManager,
  organizationId: OrganizationId,
  { requestOwnerId, evidenceOwnerId, defaultCategoryId }: IntegrationSettings,
): Promise<void> {
  const owners = await em.find(User, {
    organizationId,
    id: { $in: [requestOwnerId, evidenceOwnerId] },
    disabledAt: null,
  });
  // Locked, so that nobody deletes it meanwhile.
  const lockMode = LockMode.PESSIMISTIC_READ;
  const category =
    defaultCategoryId === null
      ? null
      : await em.findOne(Category, { id: defaultCategoryId, organizationId }, { lockMode });
  const known = new Set<string>(
    [...owners, ...(category === null ? [] : [category])].map(({ id }) => id),
  );
  const named: (Named & { readonly id: string })[] = [
    { pointer: '/requestOwnerId', type: 'active user', id: requestOwnerId },
    { pointer: '/evidenceOwnerId', type: 'active user', id: evidenceOwnerId },
    ...(defaultCategoryId === null
      ? []
      : [{ pointer: '/defaultCategoryId', type: 'retention category', id: defaultCategoryId }]),
  ];
  requireKnown(named, ({ id }) => known.has(id));
}

function settingsOf(found: IncidentReportIntegration): IntegrationSettings {
  return {
    requestOwnerId: found.requestOwnerId,
    evidenceOwnerId: found.evidenceOwnerId,
    notifyRequestOwnerOnPortal: found.notifyRequestOwnerOnPortal,
    notifyEvidenceOwnerOnSubmission: found.notifyEvidenceOwnerOnSubmission,
    autoAccept: found.autoAccept,
    defaultCategoryId: found.defaultCategoryId ?? null,
  };
}
