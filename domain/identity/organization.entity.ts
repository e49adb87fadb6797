import { defineEntity, p } from '@mikro-orm/core';
import type { OrganizationId } from '../ids.ts';

export const ORGANIZATION_KINDS = ['police', 'justice', 'city', 'other'] as const;

/** Regions of an installation; reminders for invites are not available in the last two. */
export const REGIONS = ['us', 'ca', 'uk', 'eu', 'au', 'eu-legacy', 'us-federal'] as const;

/** Features that the operator switches on for an organization (product rules, section 2). */
export const FEATURES = [
  'caseShare',
  'caseShareByReference',
  'trustedUpload',
  'communityRequest',
  'communityRequestPlus',
  'configurableCaseRetention',
] as const;
export type Feature = (typeof FEATURES)[number];

export const RETENTION_POLICIES = [
  'until_manually_deleted',
  'longest_retention_period',
  'individual_evidence_retention',
] as const;
export type RetentionPolicy = (typeof RETENTION_POLICIES)[number];

const OrganizationSchema = defineEntity({
  name: 'Organization',
  tableName: 'organizations',
  properties: {
    id: p.uuid().$type<OrganizationId>().primary(),
    slug: p.text(),
    name: p.text(),
    kind: p.enum(ORGANIZATION_KINDS),
    timeZone: p.text(),
    region: p.enum(REGIONS),
    features: p.array().$type<Feature[]>(),
    defaultLinkDays: p.integer(),
    maximumLinkDays: p.integer(),
    defaultAccessDays: p.integer(),
    maximumAccessDays: p.integer(),
    defaultRetentionPolicy: p.enum(RETENTION_POLICIES).nullable(),
    declinedRetentionDays: p.integer(),
    fileExtensions: p.array().$type<string[]>().nullable(),
    terms: p.json().$type<Partial<Record<'en' | 'es' | 'fr', string>>>(),
    smsWebhook: p.text().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A tenant: police agency, prosecutor, city … */
export class Organization extends OrganizationSchema.class {}
OrganizationSchema.setClass(Organization);
