import { addClientSecret, removeClientSecret } from '../../../domain/integration/api-clients.ts';
import { type Route, route } from '../../route.ts';
import { apiClientParams, newSecretView, secretParams } from './schema.ts';

const tag = 'Incident-report integration';

export const secretRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/api-clients/{apiClientId}/secrets',
      tag,
      summary: 'Add a second secret',
      description:
        'For rotation: both work until one is removed. A client has two secrets at most.',
      params: apiClientParams,
      answers: { 201: { description: 'The secret: copy it now', body: newSecretView } },
      problems: ['not-found', 'permission-missing', 'feature-missing', 'wrong-state'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => ({
        status: 201,
        body: await addClientSecret(act, staff, params.apiClientId),
      })),
  ),
  route(
    {
      method: 'delete',
      path: '/api-clients/{apiClientId}/secrets/{secretId}',
      tag,
      summary: 'Remove a secret',
      description: 'Tokens that were given out for it are cut off with it.',
      params: secretParams,
      answers: { 204: { description: 'It opens nothing any more' } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await removeClientSecret(act, staff, params.apiClientId, params.secretId);
        return { status: 204 };
      }),
  ),
];
