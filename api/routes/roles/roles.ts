import { changeRole, createRole, deleteRole } from '../../../domain/identity/roles.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listRoles, readRole } from './presenter.ts';
import { newRole, roleChange, roleParams, roleQuery, roleView } from './schema.ts';

export const roleRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/roles',
      tag: 'Roles',
      summary: 'List roles',
      query: roleQuery,
      answers: { 200: { description: 'A page of them, oldest first', body: pageOf(roleView) } },
    },
    async ({ staff, deps, query }) => ({
      status: 200,
      body: await listRoles(deps.database.em.fork(), staff, query),
    }),
  ),
  route(
    {
      method: 'post',
      path: '/roles',
      tag: 'Roles',
      summary: 'Add a role',
      body: newRole,
      answers: { 201: { description: 'As it was stored', body: roleView } },
      problems: ['permission-missing', 'already-exists'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const created = await createRole(act, staff, body);
        return {
          status: 201,
          headers: { Location: `/api/v1/roles/${created.id}` },
          ...(await readRole(act.em, staff, created.id)),
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/roles/{roleId}',
      tag: 'Roles',
      summary: 'Read one',
      params: roleParams,
      answers: { 200: { description: 'As it is now', body: roleView } },
      problems: ['not-found'],
    },
    async ({ staff, deps, params }) => ({
      status: 200,
      ...(await readRole(deps.database.em.fork(), staff, params.roleId)),
    }),
  ),
  route(
    {
      method: 'patch',
      path: '/roles/{roleId}',
      tag: 'Roles',
      summary: 'Change one',
      params: roleParams,
      body: roleChange,
      answers: { 200: { description: 'As it is now', body: roleView } },
      problems: [
        'not-found',
        'permission-missing',
        'already-exists',
        'in-use',
        'wrong-state',
        'precondition-failed',
      ],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changeRole(act, staff, params.roleId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readRole(act.em, staff, params.roleId)) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/roles/{roleId}',
      tag: 'Roles',
      summary: 'Delete one that is not built in and that nobody has',
      params: roleParams,
      answers: { 204: { description: 'Done' } },
      problems: ['not-found', 'permission-missing', 'in-use', 'wrong-state', 'precondition-failed'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        await deleteRole(act, staff, params.roleId, checkVersion);
        return { status: 204 };
      }),
  ),
];
