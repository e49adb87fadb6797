import { LockMode } from '@mikro-orm/core';
import type { Act } from '../act.ts';
import { type Change, named } from '../change.ts';
import { type Fault, invalid } from '../errors.ts';
import { requestRecalculation } from '../retention/recalculation-requests.ts';
import { Organization, type RetentionPolicy } from './organization.entity.ts';
import { requireFeature, requirePermissions, type Staff } from './staff.ts';
import type { Language } from './user.entity.ts';

/** What an organization's administrators set; slug, kind and features are the operator's. */
export interface OrganizationSettings {
  name: string;
  timeZone: string;
  region: Organization['region'];
  defaultLinkDays: number;
  maximumLinkDays: number;
  defaultAccessDays: number;
  maximumAccessDays: number;
  defaultRetentionPolicy: RetentionPolicy | null;
  declinedRetentionDays: number;
  /** Null for the usual formats. */
  fileExtensions: string[] | null;
  terms: Partial<Record<Language, string>>;
  smsWebhook: string | null;
}

/**
 * Changes the organization's settings, under its lock.
 * @param check is called with the organization's version before anything changes
 * @throws DomainError `feature-missing` where a retention policy is set without
 *   `configurableCaseRetention`; `validation-failed` where a default exceeds its maximum
 */
export async function changeOrganization(
  act: Act,
  staff: Staff,
  change: Change<OrganizationSettings>,
  check: (version: number) => void,
): Promise<Organization> {
  requirePermissions(staff, ['admin.organization'], false);
  const found = await act.em.findOneOrFail(Organization, staff.organization.id, {
    lockMode: LockMode.PESSIMISTIC_WRITE,
  });
  check(found.version);
  const fields = named(change);
  if (fields.defaultRetentionPolicy != null) requireFeature(staff, 'configurableCaseRetention');
  const faults = durationFaults({ ...found, ...fields });
  if (faults.length > 0) throw invalid(...faults);
  if (Object.keys(fields).length === 0) return found;
  const declinedDays = found.declinedRetentionDays;
  act.em.assign(found, { ...fields, updatedAt: new Date() }, { mergeObjectProperties: false });
  if (found.declinedRetentionDays !== declinedDays) await requestRecalculation(act, found.id, null);
  act.audit({
    organizationId: found.id,
    action: 'organization.changed',
    objects: [found.id],
    data: { fields: Object.keys(fields).sort() },
  });
  return found;
}

type Durations = Pick<
  OrganizationSettings,
  'defaultLinkDays' | 'maximumLinkDays' | 'defaultAccessDays' | 'maximumAccessDays'
>;

function durationFaults(settings: Durations): Fault[] {
  const pairs = [
    ['defaultLinkDays', 'maximumLinkDays'],
    ['defaultAccessDays', 'maximumAccessDays'],
  ] as const;
  return pairs
    .filter(([usual, maximum]) => settings[usual] > settings[maximum])
    .map(([usual, maximum]) => ({
      pointer: `/${usual}`,
      detail: `Must not be more than ${maximum}, which is ${settings[maximum]}.`,
    }));
}
