import {
  changeCategory,
  createCategory,
  deleteCategory,
} from '../../../domain/retention/categories.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listCategories, readCategory } from './presenter.ts';
import {
  categoryChange,
  categoryParams,
  categoryQuery,
  categoryView,
  newCategory,
} from './schema.ts';

export const retentionCategoryRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/retention-categories',
      tag: 'Retention categories',
      summary: 'List retention categories',
      query: categoryQuery,
      answers: { 200: { description: 'A page of them, oldest first', body: pageOf(categoryView) } },
    },
    async ({ staff, deps, query }) => ({
      status: 200,
      body: await listCategories(deps.database.em.fork(), staff, query),
    }),
  ),
  route(
    {
      method: 'post',
      path: '/retention-categories',
      tag: 'Retention categories',
      summary: 'Add a retention category',
      body: newCategory,
      answers: { 201: { description: 'As it was stored', body: categoryView } },
      problems: ['permission-missing', 'already-exists'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const created = await createCategory(act, staff, body);
        return {
          status: 201,
          headers: { Location: `/api/v1/retention-categories/${created.id}` },
          ...(await readCategory(act.em, staff, created.id)),
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/retention-categories/{categoryId}',
      tag: 'Retention categories',
      summary: 'Read one',
      params: categoryParams,
      answers: { 200: { description: 'As it is now', body: categoryView } },
      problems: ['not-found'],
    },
    async ({ staff, deps, params }) => ({
      status: 200,
      ...(await readCategory(deps.database.em.fork(), staff, params.categoryId)),
    }),
  ),
  route(
    {
      method: 'patch',
      path: '/retention-categories/{categoryId}',
      tag: 'Retention categories',
      summary: 'Change one',
      params: categoryParams,
      body: categoryChange,
      answers: { 200: { description: 'As it is now', body: categoryView } },
      problems: ['not-found', 'permission-missing', 'already-exists', 'precondition-failed'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changeCategory(act, staff, params.categoryId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readCategory(act.em, staff, params.categoryId)) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/retention-categories/{categoryId}',
      tag: 'Retention categories',
      summary: 'Delete one that no evidence has',
      params: categoryParams,
      answers: { 204: { description: 'Done' } },
      problems: ['not-found', 'permission-missing', 'in-use', 'precondition-failed'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        await deleteCategory(act, staff, params.categoryId, checkVersion);
        return { status: 204 };
      }),
  ),
];
