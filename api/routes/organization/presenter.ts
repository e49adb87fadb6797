import type { z } from 'zod';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import { level, type Staff } from '../../../domain/identity/staff.ts';
import type { organizationView } from './schema.ts';

/** The organization as one of its own staff sees it. */
export function presentOrganization(
  staff: Staff,
  organization: Organization,
): z.input<typeof organizationView> {
  return {
    id: organization.id,
    slug: organization.slug,
    name: organization.name,
    kind: organization.kind,
    features: [...organization.features],
    timeZone: organization.timeZone,
    region: organization.region,
    defaultLinkDays: organization.defaultLinkDays,
    maximumLinkDays: organization.maximumLinkDays,
    defaultAccessDays: organization.defaultAccessDays,
    maximumAccessDays: organization.maximumAccessDays,
    defaultRetentionPolicy: organization.defaultRetentionPolicy ?? null,
    declinedRetentionDays: organization.declinedRetentionDays,
    fileExtensions: organization.fileExtensions ?? null,
    terms: organization.terms,
    ...(level(staff, 'admin.organization') === 'any'
      ? { smsWebhook: organization.smsWebhook ?? null }
      : {}),
    createdAt: organization.createdAt.toISOString(),
    updatedAt: organization.updatedAt.toISOString(),
  };
}
