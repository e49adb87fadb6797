import {
  createApiClient,
  deleteApiClient,
  renameApiClient,
  requireMayAdministerClients,
} from '../../../domain/integration/api-clients.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listApiClients, readApiClient } from './presenter.ts';
import {
  apiClientChange,
  apiClientParams,
  apiClientQuery,
  apiClientView,
  newApiClient,
  newApiClientView,
} from './schema.ts';
import { secretRoutes } from './secrets.ts';

const tag = 'Incident-report integration';

export const apiClientRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/api-clients',
      tag,
      summary: 'List API clients',
      query: apiClientQuery,
      answers: {
        200: { description: 'A page of them, oldest first', body: pageOf(apiClientView) },
      },
      problems: ['permission-missing'],
    },
    async ({ staff, deps, query }) => {
      requireMayAdministerClients(staff);
      return { status: 200, body: await listApiClients(deps.database.em.fork(), staff, query) };
    },
  ),
  route(
    {
      method: 'post',
      path: '/api-clients',
      tag,
      summary: 'Add an API client',
      description:
        'It may create incident-report portals, change them and invite to them, and nothing else.',
      body: newApiClient,
      answers: {
        201: {
          description: 'The client, with its secret: copy it now',
          body: newApiClientView,
        },
      },
      problems: ['permission-missing', 'feature-missing'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const { client, secret } = await createApiClient(act, staff, body.name);
        const created = await readApiClient(act.em, staff, client.id);
        return {
          status: 201,
          headers: { Location: `/api/v1/api-clients/${client.id}` },
          version: created.version,
          body: { ...created.body, clientSecret: secret.clientSecret },
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/api-clients/{apiClientId}',
      tag,
      summary: 'Read one',
      params: apiClientParams,
      answers: { 200: { description: 'As it is now', body: apiClientView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params }) => {
      requireMayAdministerClients(staff);
      const found = await readApiClient(deps.database.em.fork(), staff, params.apiClientId);
      return { status: 200, ...found };
    },
  ),
  route(
    {
      method: 'patch',
      path: '/api-clients/{apiClientId}',
      tag,
      summary: 'Rename one',
      params: apiClientParams,
      body: apiClientChange,
      answers: { 200: { description: 'As it is now', body: apiClientView } },
      problems: ['not-found', 'permission-missing', 'precondition-failed'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await renameApiClient(act, staff, params.apiClientId, body.name, checkVersion);
        return { status: 200, ...(await readApiClient(act.em, staff, params.apiClientId)) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/api-clients/{apiClientId}',
      tag,
      summary: 'Delete one',
      description:
        'From the moment of the answer nothing that it asks for happens, with tokens that it was given before either. Portals that it made stay.',
      params: apiClientParams,
      answers: { 204: { description: 'It is cut off' } },
      problems: ['not-found', 'permission-missing', 'precondition-failed'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        await deleteApiClient(act, staff, params.apiClientId, checkVersion);
        return { status: 204 };
      }),
  ),
  ...secretRoutes,
];
