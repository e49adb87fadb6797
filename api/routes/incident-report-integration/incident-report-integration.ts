import {
  changeIntegration,
  readIntegrationVersion,
  requireMaySetIntegration,
} from '../../../domain/integration/settings.ts';
import { type Route, route } from '../../route.ts';
import { integrationSettings, integrationView } from './schema.ts';

const tag = 'Incident-report integration';
const path = '/settings/incident-report-integration';

export const incidentReportIntegrationRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path,
      tag,
      summary: 'Settings of the incident-report integration',
      answers: { 200: { description: 'As they are now', body: integrationView } },
      problems: ['permission-missing', 'feature-missing'],
    },
    async ({ staff, deps }) => {
      requireMaySetIntegration(staff);
      const em = deps.database.em.fork();
      return { status: 200, ...(await readIntegrationVersion(em, staff.organization.id)) };
    },
  ),
  route(
    {
      method: 'put',
      path,
      tag,
      summary: 'Set them, all at once',
      description:
        'API clients can create portals once both owners are named. What is not sent is switched off.',
      body: integrationSettings,
      answers: { 200: { description: 'As they are now', body: integrationView } },
      problems: ['permission-missing', 'feature-missing', 'precondition-failed'],
    },
    async ({ staff, body, command, checkVersion }) =>
      command(async (act) => {
        await changeIntegration(act, staff, body, checkVersion);
        return { status: 200, ...(await readIntegrationVersion(act.em, staff.organization.id)) };
      }),
  ),
];
