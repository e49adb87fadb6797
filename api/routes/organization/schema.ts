import { z } from 'zod';
import {
  FEATURES,
  ORGANIZATION_KINDS,
  REGIONS,
  RETENTION_POLICIES,
} from '../../../domain/identity/organization.entity.ts';
import { timeZoneName } from '../../../domain/identity/time-zone.ts';
import { line, text, wellFormed } from '../../validation.ts';

const timeZone = z.string().transform((value, context) => {
  const name = timeZoneName(value);
  if (name !== null) return name;
  context.addIssue({
    code: 'custom',
    message: 'Must be the name of an IANA time zone, such as America/Chicago.',
  });
  return z.NEVER;
});

const linkDays = z.int().min(1).max(365);
const accessDays = z.int().min(1).max(3_650);

const fileExtension = z
  .string()
  .regex(/^\.?[A-Za-z0-9]{1,16}$/, 'Must be a file extension: 1 to 16 letters and digits.')
  .transform((value) => value.replace('.', '').toLowerCase());

const terms = z
  .strictObject({ en: text(20_000), es: text(20_000), fr: text(20_000) })
  .partial()
  .transform((given) => Object.fromEntries(Object.entries(given).filter(([, words]) => words)));

export const organizationChange = z
  .strictObject({
    name: line(200),
    timeZone: timeZone.describe('name of an IANA time zone'),
    region: z.enum(REGIONS),
    defaultLinkDays: linkDays,
    maximumLinkDays: linkDays,
    defaultAccessDays: accessDays,
    maximumAccessDays: accessDays,
    defaultRetentionPolicy: z
      .enum(RETENTION_POLICIES)
      .nullable()
      .describe('needs the feature configurableCaseRetention'),
    declinedRetentionDays: z.int().min(1).max(3_650),
    fileExtensions: z
      .array(fileExtension)
      .min(1)
      .max(500)
      .transform((values) => [...new Set(values)].sort())
      .nullable()
      .describe('accepted in uploads; null for the usual formats'),
    terms: terms.describe('shown to community members, by language'),
    smsWebhook: z
      .url({ protocol: /^https$/, error: 'Must be an https address.' })
      .max(2_000)
      .refine(...wellFormed)
      .refine(
        // It could not be sent anything: fetch refuses such an address.
        (value) => !/^https:[\\/]*[^\\/?#]*@/i.test(value),
        'Must not have a user name or a password in it.',
      )
      .nullable(),
  })
  .partial()
  .meta({ id: 'OrganizationChange' });

export const organizationView = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    kind: z.enum(ORGANIZATION_KINDS),
    features: z.array(z.enum(FEATURES)).describe('switched by the operator'),
    timeZone: z.string(),
    region: z.enum(REGIONS),
    defaultLinkDays: z.int(),
    maximumLinkDays: z.int(),
    defaultAccessDays: z.int(),
    maximumAccessDays: z.int(),
    defaultRetentionPolicy: z.enum(RETENTION_POLICIES).nullable(),
    declinedRetentionDays: z.int(),
    fileExtensions: z.array(z.string()).nullable(),
    terms: z.object({ en: z.string(), es: z.string(), fr: z.string() }).partial(),
    smsWebhook: z
      .string()
      .nullable()
      .optional()
      .describe('only for those with admin.organization: its address may hold a secret'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Organization' });
