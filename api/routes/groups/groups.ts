import { changeGroup, createGroup, deleteGroup } from '../../../domain/identity/groups.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listGroups, readGroup } from './presenter.ts';
import { groupChange, groupParams, groupQuery, groupView, newGroup } from './schema.ts';

export const groupRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/groups',
      tag: 'Groups',
      summary: 'List groups',
      query: groupQuery,
      answers: { 200: { description: 'A page of them, oldest first', body: pageOf(groupView) } },
    },
    async ({ staff, deps, query }) => ({
      status: 200,
      body: await listGroups(deps.database.em.fork(), staff, query),
    }),
  ),
  route(
    {
      method: 'post',
      path: '/groups',
      tag: 'Groups',
      summary: 'Add a group',
      body: newGroup,
      answers: { 201: { description: 'As it was stored', body: groupView } },
      problems: ['permission-missing', 'already-exists'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const created = await createGroup(act, staff, body);
        return {
          status: 201,
          headers: { Location: `/api/v1/groups/${created.id}` },
          ...(await readGroup(act.em, staff, created.id)),
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/groups/{groupId}',
      tag: 'Groups',
      summary: 'Read one',
      params: groupParams,
      answers: { 200: { description: 'As it is now', body: groupView } },
      problems: ['not-found'],
    },
    async ({ staff, deps, params }) => ({
      status: 200,
      ...(await readGroup(deps.database.em.fork(), staff, params.groupId)),
    }),
  ),
  route(
    {
      method: 'patch',
      path: '/groups/{groupId}',
      tag: 'Groups',
      summary: 'Change one',
      params: groupParams,
      body: groupChange,
      answers: { 200: { description: 'As it is now', body: groupView } },
      problems: ['not-found', 'permission-missing', 'already-exists', 'precondition-failed'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changeGroup(act, staff, params.groupId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readGroup(act.em, staff, params.groupId)) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/groups/{groupId}',
      tag: 'Groups',
      summary: 'Delete one',
      params: groupParams,
      answers: { 204: { description: 'Done' } },
      problems: ['not-found', 'permission-missing', 'in-use', 'precondition-failed'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        await deleteGroup(act, staff, params.groupId, checkVersion);
        return { status: 204 };
      }),
  ),
];
