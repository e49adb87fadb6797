import { z } from 'zod';
import { act, OPERATOR, unpoked } from '../domain/act.ts';
import { FEATURES, ORGANIZATION_KINDS, REGIONS } from '../domain/identity/organization.entity.ts';
import { createOrganization, switchFeatures } from '../domain/identity/organizations.ts';
import { timeZoneName } from '../domain/identity/time-zone.ts';
import { command, UsageError } from './command.ts';

const slug = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'Up to 63 lower-case letters, digits and hyphens, no hyphen at an end.',
  );
const name = z.string().trim().min(1).max(200);
const features = z.array(z.enum(FEATURES, `One of ${FEATURES.join(', ')}.`)).default([]);
const timeZone = z
  .string()
  .refine((value) => timeZoneName(value) !== null, 'An IANA time zone, such as America/Chicago.')
  .transform((value) => timeZoneName(value) ?? value);

const featureFlag = {
  value: 'FEATURE',
  multiple: true,
  description: `may be given again; one of ${FEATURES.join(', ')}`,
} as const;

export const organizationCreate = command(
  {
    name: 'organization create',
    summary: 'Create an organization with the built-in roles',
    flags: {
      slug: { value: 'SLUG', description: 'short name in addresses; it stays' },
      name: { value: 'NAME', description: 'the name that people read' },
      kind: { value: 'KIND', description: ORGANIZATION_KINDS.join(', ') },
      'time-zone': { value: 'ZONE', description: 'IANA time zone, such as America/Chicago' },
      region: { value: 'REGION', description: REGIONS.join(', ') },
      feature: featureFlag,
    },
    input: z.object({
      slug,
      name,
      kind: z.enum(ORGANIZATION_KINDS, `One of ${ORGANIZATION_KINDS.join(', ')}.`),
      'time-zone': timeZone,
      region: z.enum(REGIONS, `One of ${REGIONS.join(', ')}.`),
      feature: features,
    }),
  },
  async ({ 'time-zone': zone, feature, ...fields }, operating) => {
    const acting = unpoked(await operating.database());
    const created = await act(acting, OPERATOR, (act) =>
      createOrganization(act, { ...fields, timeZone: zone, features: feature }),
    );
    operating.print(`Created ${created.slug} (${created.id}).`);
    operating.print(
      `Its first administrator: administrator create --organization ${created.slug} --email … --name …`,
    );
    return 0;
  },
);

export const organizationFeatures = command(
  {
    name: 'organization features',
    summary: 'Switch features of an organization on and off',
    positionals: ['slug'],
    flags: { enable: featureFlag, disable: featureFlag },
    input: z.object({ slug: z.string(), enable: features, disable: features }),
  },
  async ({ slug: organization, enable, disable }, operating) => {
    const both = enable.filter((feature) => disable.includes(feature));
    if (both.length > 0) throw new UsageError(`${both.join(', ')}: enable or disable, not both.`);
    const acting = unpoked(await operating.database());
    const changed = await act(acting, OPERATOR, (act) =>
      switchFeatures(act, organization, { enable, disable }),
    );
    operating.print(`${changed.slug} has: ${changed.features.join(', ') || 'no features'}`);
    return 0;
  },
);

interface ListedOrganization {
  slug: string;
  name: string;
  kind: string;
  features: string[];
  users: string;
}

export const organizationList = command(
  {
    name: 'organization list',
    summary: 'List organizations with their features and users',
    flags: {},
    input: z.object({}),
  },
  async (_, operating) => {
    const database = await operating.database();
    const rows = await database.em.fork().execute<ListedOrganization[]>(
      `select slug, name, kind, to_json(features) as features,
         (select count(*) from users u where u.organization_id = o.id and u.disabled_at is null) as users
       from organizations o order by slug`,
    );
    for (const row of rows) {
      operating.print(`${row.slug}  ${row.name} (${row.kind}), ${row.users} users`);
      operating.print(`    ${row.features.join(', ') || 'no features'}`);
    }
    if (rows.length === 0) operating.print('There are no organizations: organization create …');
    return 0;
  },
);
