import { changeUser, createUser, disableUser } from '../../../domain/identity/users.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listUsers, readUser } from './presenter.ts';
import { newUser, userChange, userParams, userQuery, userView } from './schema.ts';

export const userRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/users',
      tag: 'Users',
      summary: 'List users',
      query: userQuery,
      answers: { 200: { description: 'A page of them, oldest first', body: pageOf(userView) } },
    },
    async ({ staff, deps, query }) => ({
      status: 200,
      body: await listUsers(deps.database.em.fork(), staff, query),
    }),
  ),
  route(
    {
      method: 'post',
      path: '/users',
      tag: 'Users',
      summary: 'Add a user',
      body: newUser,
      answers: { 201: { description: 'As it was stored', body: userView } },
      problems: ['permission-missing', 'already-exists'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const created = await createUser(act, staff, body);
        return {
          status: 201,
          headers: { Location: `/api/v1/users/${created.id}` },
          ...(await readUser(act.em, staff, created.id)),
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/users/{userId}',
      tag: 'Users',
      summary: 'Read one',
      params: userParams,
      answers: { 200: { description: 'As it is now', body: userView } },
      problems: ['not-found'],
    },
    async ({ staff, deps, params }) => ({
      status: 200,
      ...(await readUser(deps.database.em.fork(), staff, params.userId)),
    }),
  ),
  route(
    {
      method: 'patch',
      path: '/users/{userId}',
      tag: 'Users',
      summary: 'Change one',
      params: userParams,
      body: userChange,
      answers: { 200: { description: 'As it is now', body: userView } },
      problems: [
        'not-found',
        'permission-missing',
        'already-exists',
        'in-use',
        'precondition-failed',
      ],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changeUser(act, staff, params.userId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readUser(act.em, staff, params.userId)) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/users/{userId}',
      tag: 'Users',
      summary: 'Disable one: it stays on what it did and owns',
      params: userParams,
      answers: { 204: { description: 'Done' } },
      problems: ['not-found', 'permission-missing', 'in-use', 'precondition-failed'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        await disableUser(act, staff, params.userId, checkVersion);
        return { status: 204 };
      }),
  ),
];
