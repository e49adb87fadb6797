import {
  addTrustedUser,
  removeTrustedUser,
  requireMayList,
} from '../../../domain/requests/trusted-users.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listTrustedUsers, readTrustedUser } from './presenter.ts';
import {
  newTrustedUser,
  removal,
  trustedUserParams,
  trustedUserQuery,
  trustedUserView,
} from './schema.ts';

const tag = 'Trusted upload';

export const trustedUserRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/trusted-users',
      tag,
      summary: 'List the addresses that may be asked for evidence',
      description: 'For whoever may send requests to them, or administers them.',
      query: trustedUserQuery,
      answers: {
        200: { description: 'A page of them, oldest first', body: pageOf(trustedUserView) },
      },
      problems: ['permission-missing', 'feature-missing'],
    },
    async ({ staff, deps, query }) => {
      requireMayList(staff);
      return { status: 200, body: await listTrustedUsers(deps.database.em.fork(), staff, query) };
    },
  ),
  route(
    {
      method: 'post',
      path: '/trusted-users',
      tag,
      summary: 'Add an address that may be asked for evidence',
      body: newTrustedUser,
      answers: { 201: { description: 'The trusted user', body: trustedUserView } },
      problems: ['permission-missing', 'feature-missing', 'already-exists'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const { id } = await addTrustedUser(act, staff, body);
        const { body: added } = await readTrustedUser(act.em, id);
        return { status: 201, body: added };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/trusted-users/{trustedUserId}',
      tag,
      summary: 'Remove an address',
      description: 'Refused while it has open requests, unless they are closed with it.',
      params: trustedUserParams,
      query: removal,
      answers: { 204: { description: 'It is not asked any more' } },
      problems: ['not-found', 'permission-missing', 'in-use'],
    },
    async ({ staff, deps, params, query, command }) =>
      command(async (act) => {
        await removeTrustedUser(act, staff, params.trustedUserId, {
          closeRequests: query.closeRequests,
          keys: deps.linkKeys,
        });
        return { status: 204 };
      }),
  ),
];
