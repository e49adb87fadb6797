/** Reading and changing the settings of invites (product rules, section 5). */

import { isDeepStrictEqual } from 'node:util';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { databaseNow } from '../clock.ts';
import { invalid } from '../errors.ts';
import { Organization } from '../identity/organization.entity.ts';
import { level, requireFeature, requirePermissions, type Staff } from '../identity/staff.ts';
import type { OrganizationId } from '../ids.ts';
import {
  DEFAULT_INDIVIDUAL,
  DEFAULT_PUBLIC,
  type IndividualSettings,
  type InviteSettings,
  type PublicSettings,
} from './invite-settings.ts';
import type { PortalKind } from './portal.entity.ts';

/** Regions in which reminders for invites are not available. */
const WITHOUT_REMINDERS: readonly Organization['region'][] = ['eu-legacy', 'us-federal'];

/** Whether invites of an organization in this region may be reminded of. */
function mayRemind(region: Organization['region']): boolean {
  return !WITHOUT_REMINDERS.includes(region);
}

interface SettingsOf {
  readonly individual: IndividualSettings;
  readonly public: PublicSettings;
}
type SettingsKind = keyof SettingsOf;

interface Row {
  readonly kind: SettingsKind;
  readonly settings: IndividualSettings | PublicSettings;
  readonly version: number;
}

/** The settings of an organization, by the defaults where it has set nothing. */
export async function readSettings(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<InviteSettings> {
  const { individual, public: ofPublic } = await readVersions(em, organizationId);
  return { individual: individual.settings, public: ofPublic.settings };
}

/** Settings with their version, which is 0 until somebody sets them. */
export interface VersionedSettings<Settings> {
  readonly settings: Settings;
  readonly version: number;
}

/** The settings of an organization with their versions. */
export async function readVersions(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<{ [Kind in SettingsKind]: VersionedSettings<SettingsOf[Kind]> }> {
  const rows = await em.execute<Row[]>(
    'select kind, settings, version from invite_settings where organization_id = ?',
    [organizationId],
  );
  const of = (kind: SettingsKind) => rows.find((row) => row.kind === kind);
  const [individual, ofPublic] = [of('individual'), of('public')];
  return {
    individual: {
      settings: { ...DEFAULT_INDIVIDUAL, ...individual?.settings },
      version: individual?.version ?? 0,
    },
    public: {
      settings: { ...DEFAULT_PUBLIC, ...ofPublic?.settings },
      version: ofPublic?.version ?? 0,
    },
  };
}

/** Each of these lets its holder know the settings: whoever makes portals or invites has to. */
const KNOWING = ['portal.view', 'portal.invite', 'portal.createPublic'] as const;

/**
 * Whether invites to this kind of portal are reminded of at this moment. Public portals have no such
 * setting: their visitors asked for the link themselves.
 */
export async function remindersAreOn(
  em: EntityManager,
  invite: {
    readonly kind: PortalKind;
    readonly region: Organization['region'];
    readonly organization_id: OrganizationId;
  },
): Promise<boolean> {
  if (invite.kind === 'public' || !mayRemind(invite.region)) return false;
  return (await readSettings(em, invite.organization_id)).individual.reminders;
}

/** @throws DomainError `permission-missing` unless the user sees or makes portals, or sets invites */
export function requireMayReadInvites(staff: Staff): void {
  if (KNOWING.some((permission) => level(staff, permission) !== 'none')) return;
  requirePermissions(staff, ['admin.invites'], false);
}

/** @throws DomainError `permission-missing`, `feature-missing` */
function requireMaySetInvites(staff: Staff): void {
  requireFeature(staff, 'communityRequest');
  requirePermissions(staff, ['admin.invites'], false);
}

/**
 * Sets what holds for individual invites, and for incident reports where these have no setting of their
 * own.
 * @param check is called with the version of the settings before anything changes
 * @throws DomainError `validation-failed` where reminders are switched on in a region that has none
 */
export async function changeIndividualSettings(
  act: Act,
  staff: Staff,
  settings: IndividualSettings,
  check: (version: number) => void,
): Promise<VersionedSettings<IndividualSettings>> {
  requireMaySetInvites(staff);
  const { region } = await lockOrganization(act.em, staff.organization.id);
  if (settings.reminders && !mayRemind(region)) {
    const detail = `Reminders are not available in the region ${region}.`;
    throw invalid({ pointer: '/reminders', detail });
  }
  return change(act, staff, 'individual', settings, check);
}

/**
 * Sets what holds for public portals.
 * @param check is called with the version of the settings before anything changes
 */
export async function changePublicSettings(
  act: Act,
  staff: Staff,
  settings: PublicSettings,
  check: (version: number) => void,
): Promise<VersionedSettings<PublicSettings>> {
  requireMaySetInvites(staff);
  await lockOrganization(act.em, staff.organization.id);
  return change(act, staff, 'public', settings, check);
}

/** The rows of settings may not be there yet: the organization's stands for them. */
async function lockOrganization(em: EntityManager, id: OrganizationId): Promise<Organization> {
  return em.findOneOrFail(Organization, id, {
    lockMode: LockMode.PESSIMISTIC_WRITE,
    refresh: true,
  });
}

/** What the audit calls the settings. */
const AUDITED: Readonly<Record<SettingsKind, string>> = {
  individual: 'individual-invites',
  public: 'public-portals',
};

async function change<Kind extends SettingsKind>(
  act: Act,
  staff: Staff,
  kind: Kind,
  settings: SettingsOf[Kind],
  check: (version: number) => void,
): Promise<VersionedSettings<SettingsOf[Kind]>> {
  const organizationId = staff.organization.id;
  const before = (await readVersions(act.em, organizationId))[kind];
  check(before.version);
  if (isDeepStrictEqual(before.settings, settings)) return before;
  const version = before.version + 1;
  await act.em.execute(
    `insert into invite_settings (organization_id, kind, settings, version, updated_at)
     values (?, ?, ?::jsonb, ?, ?)
     on conflict (organization_id, kind) do update set settings = excluded.settings,
       version = excluded.version, updated_at = excluded.updated_at`,
    [organizationId, kind, JSON.stringify(settings), version, await databaseNow(act.em)],
  );
  act.audit({
    organizationId,
    action: 'settings.changed',
    objects: [organizationId],
    data: { settings: AUDITED[kind], old: before.settings, new: settings },
  });
  return { settings, version };
}
