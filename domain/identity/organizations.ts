import { LockMode } from '@mikro-orm/core';
import type { Act } from '../act.ts';
import { notFound } from '../errors.ts';
import { newId, type OrganizationId, type RoleId } from '../ids.ts';
import { beginRetention } from '../retention/begin-retention.ts';
import { requestRecalculation } from '../retention/recalculation-requests.ts';
import { flushUnique } from '../unique.ts';
import { type Feature, Organization } from './organization.entity.ts';
import { BUILT_IN_ROLES } from './permissions.ts';
import { Role } from './user.entity.ts';

/** What the operator says of a new organization; its administrators set the rest. */
export interface NewOrganization {
  readonly slug: string;
  readonly name: string;
  readonly kind: Organization['kind'];
  readonly timeZone: string;
  readonly region: Organization['region'];
  readonly features: readonly Feature[];
}

/**
 * Creates an organization with the built-in roles: an act of the operator.
 * @throws DomainError `already-exists` where the slug is taken
 */
export async function createOrganization(act: Act, fields: NewOrganization): Promise<Organization> {
  const now = new Date();
  const created = act.em.create(Organization, {
    id: newId<OrganizationId>(),
    slug: fields.slug,
    name: fields.name,
    kind: fields.kind,
    timeZone: fields.timeZone,
    region: fields.region,
    features: [...new Set(fields.features)].sort(),
    defaultLinkDays: 30,
    maximumLinkDays: 365,
    defaultAccessDays: 90,
    maximumAccessDays: 365,
    defaultRetentionPolicy: null,
    declinedRetentionDays: 30,
    fileExtensions: null,
    terms: {},
    smsWebhook: null,
    createdAt: now,
    updatedAt: now,
  });
  await flushUnique(act.em, `An organization with the slug ${fields.slug} exists already.`);
  for (const { name, permissions } of BUILT_IN_ROLES) {
    act.em.create(Role, {
      id: newId<RoleId>(),
      organizationId: created.id,
      name,
      builtIn: true,
      permissions,
      createdAt: now,
      updatedAt: now,
    });
  }
  await act.em.flush();
  await beginRetention(act, created.id, now);
  act.audit({
    organizationId: created.id,
    action: 'organization.created',
    objects: [created.id],
    data: { slug: created.slug, kind: created.kind, features: created.features },
  });
  return created;
}

/** Switches features on and off: an act of the operator, never of the organization itself. */
export async function switchFeatures(
  act: Act,
  slug: string,
  features: { readonly enable: readonly Feature[]; readonly disable: readonly Feature[] },
): Promise<Organization> {
  const found = await act.em.findOne(
    Organization,
    { slug },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (found === null) throw notFound('organization');
  const before = found.features;
  const after = [...new Set([...before, ...features.enable])]
    .filter((feature) => !features.disable.includes(feature))
    .sort();
  const enabled = after.filter((feature) => !before.includes(feature));
  const disabled = before.filter((feature) => !after.includes(feature));
  if (enabled.length === 0 && disabled.length === 0) return found;
  act.em.assign(found, { features: after, updatedAt: new Date() });
  if ([...enabled, ...disabled].includes('configurableCaseRetention')) {
    await requestRecalculation(act, found.id, null);
  }
  act.audit({
    organizationId: found.id,
    action: 'organization.changed',
    objects: [found.id],
    data: { fields: ['features'], enabled, disabled },
  });
  return found;
}
