import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Staff } from '../../../domain/identity/staff.ts';
import type {
  IndividualSettings,
  PublicSettings,
} from '../../../domain/portals/invite-settings.ts';
import {
  changeIndividualSettings,
  changePublicSettings,
  readVersions,
  requireMayReadInvites,
  type VersionedSettings,
} from '../../../domain/portals/settings.ts';
import { type Route, route } from '../../route.ts';
import { individualSettings, publicSettings } from './schema.ts';

const tag = 'Community request';
const problems = ['permission-missing', 'feature-missing', 'precondition-failed'] as const;

export const inviteSettingsRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/settings/individual-invites',
      tag,
      summary: 'The settings of individual invites',
      description: 'Incident reports use them too, where the integration has none of its own.',
      answers: { 200: { description: 'As they are now', body: individualSettings } },
      problems: ['permission-missing'],
    },
    async ({ staff, deps }) => {
      const { individual } = await read(deps.database.em.fork(), staff);
      return { status: 200, ...presentIndividual(individual) };
    },
  ),
  route(
    {
      method: 'put',
      path: '/settings/individual-invites',
      tag,
      summary: 'Set all of them',
      body: individualSettings,
      answers: { 200: { description: 'As they are now', body: individualSettings } },
      problems,
    },
    async ({ staff, body, command, checkVersion }) =>
      command(async (act) => ({
        status: 200,
        ...presentIndividual(await changeIndividualSettings(act, staff, body, checkVersion)),
      })),
  ),
  route(
    {
      method: 'get',
      path: '/settings/public-portals',
      tag,
      summary: 'The settings of public portals',
      answers: { 200: { description: 'As they are now', body: publicSettings } },
      problems: ['permission-missing'],
    },
    async ({ staff, deps }) => {
      const settings = await read(deps.database.em.fork(), staff);
      return { status: 200, ...presentPublic(settings.public) };
    },
  ),
  route(
    {
      method: 'put',
      path: '/settings/public-portals',
      tag,
      summary: 'Set all of them',
      body: publicSettings,
      answers: { 200: { description: 'As they are now', body: publicSettings } },
      problems,
    },
    async ({ staff, body, command, checkVersion }) =>
      command(async (act) => ({
        status: 200,
        ...presentPublic(await changePublicSettings(act, staff, body, checkVersion)),
      })),
  ),
];

async function read(em: EntityManager, staff: Staff) {
  requireMayReadInvites(staff);
  return readVersions(em, staff.organization.id);
}

function presentContact({
  contactInfo,
}: PublicSettings): z.input<typeof publicSettings>['contactInfo'] {
  return { ...contactInfo, required: [...contactInfo.required] };
}

function presentIndividual({ settings, version }: VersionedSettings<IndividualSettings>) {
  return {
    version,
    body: { ...settings, contactInfo: presentContact(settings) } satisfies z.input<
      typeof individualSettings
    >,
  };
}

function presentPublic({ settings, version }: VersionedSettings<PublicSettings>) {
  return { version, body: { ...settings, contactInfo: presentContact(settings) } };
}
