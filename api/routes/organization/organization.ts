import { Organization } from '../../../domain/identity/organization.entity.ts';
import { changeOrganization } from '../../../domain/identity/organization-settings.ts';
import { type Route, route } from '../../route.ts';
import { presentOrganization } from './presenter.ts';
import { organizationChange, organizationView } from './schema.ts';

export const organizationRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/organization',
      tag: 'Organization',
      summary: 'The organization that you belong to',
      answers: { 200: { description: 'Its settings', body: organizationView } },
    },
    async ({ staff, deps }) => {
      const found = await deps.database.em
        .fork()
        .findOneOrFail(Organization, staff.organization.id);
      return { status: 200, version: found.version, body: presentOrganization(staff, found) };
    },
  ),
  route(
    {
      method: 'patch',
      path: '/organization',
      tag: 'Organization',
      summary: 'Change its settings',
      body: organizationChange,
      answers: { 200: { description: 'The settings as they are now', body: organizationView } },
      problems: ['permission-missing', 'feature-missing', 'precondition-failed'],
    },
    async ({ staff, body, command, checkVersion }) =>
      command(async (act) => {
        const changed = await changeOrganization(act, staff, body, checkVersion);
        await act.em.flush();
        return { status: 200, version: changed.version, body: presentOrganization(staff, changed) };
      }),
  ),
];
