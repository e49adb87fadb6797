import { changePortal, closePortal, markSeen } from '../../../domain/portals/change-portal.ts';
import { createPortal } from '../../../domain/portals/create-portal.ts';
import { requirePortal, requireSeesPortals } from '../../../domain/portals/portal-policy.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { inviteRoutes } from './invites.ts';
import { listPortals, readPortal } from './presenter.ts';
import { newPortal, portalChange, portalParams, portalQuery, portalView } from './schema.ts';

const tag = 'Community request';
const ofPortal = { tag, params: portalParams } as const;

export const portalRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/portals',
      tag,
      summary: 'Make a portal',
      description:
        'For one person, who is invited to it next, or public, under a slug. External systems make theirs through the integration.',
      body: newPortal,
      answers: { 201: { description: 'The portal', body: portalView } },
      problems: ['not-found', 'permission-missing', 'feature-missing', 'already-exists'],
    },
    async ({ staff, deps, body, command }) =>
      command(async (act) => {
        const { id } = await createPortal(
          act,
          { type: 'staff', staff },
          { ...body, slug: body.kind === 'public' ? body.slug : null },
        );
        return {
          status: 201,
          headers: { Location: `/api/v1/portals/${id}` },
          ...(await readPortal(act.em, deps, staff, id)),
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/portals',
      tag,
      summary: 'List portals',
      query: portalQuery,
      answers: { 200: { description: 'A page, newest first', body: pageOf(portalView) } },
      problems: ['permission-missing'],
    },
    async ({ staff, deps, query }) => {
      requireSeesPortals(staff);
      return {
        status: 200,
        body: await listPortals(deps.database.em.fork(), deps, staff, query),
      };
    },
  ),
  route(
    {
      ...ofPortal,
      method: 'get',
      path: '/portals/{portalId}',
      summary: 'Read one',
      answers: { 200: { description: 'The portal', body: portalView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params }) => {
      const em = deps.database.em.fork();
      await requirePortal(em, staff, params.portalId);
      return { status: 200, ...(await readPortal(em, deps, staff, params.portalId)) };
    },
  ),
  route(
    {
      ...ofPortal,
      method: 'patch',
      path: '/portals/{portalId}',
      summary: 'Change one',
      description: 'What was handed in stays whose it is, and as it was categorized.',
      body: portalChange,
      answers: { 200: { description: 'As it is now', body: portalView } },
      problems: [
        'not-found',
        'permission-missing',
        'feature-missing',
        'wrong-state',
        'precondition-failed',
      ],
    },
    async ({ staff, deps, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changePortal(act, { type: 'staff', staff }, params.portalId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readPortal(act.em, deps, staff, params.portalId)) };
      }),
  ),
  route(
    {
      ...ofPortal,
      method: 'post',
      path: '/portals/{portalId}/close',
      summary: 'Close one',
      description:
        'What was handed in is kept; nothing more is taken, and what was not is removed.',
      answers: { 200: { description: 'The closed portal', body: portalView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params, command }) =>
      command(async (act) => {
        await closePortal(act, { type: 'staff', staff }, params.portalId);
        await act.em.flush();
        return { status: 200, ...(await readPortal(act.em, deps, staff, params.portalId)) };
      }),
  ),
  route(
    {
      ...ofPortal,
      method: 'post',
      path: '/portals/{portalId}/seen',
      summary: 'Mark what was handed in as seen',
      description:
        'The owner of a public portal is told of one submission, and of the next after this.',
      answers: { 200: { description: 'As it is now', body: portalView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params, command }) =>
      command(async (act) => {
        await markSeen(act, staff, params.portalId);
        return { status: 200, ...(await readPortal(act.em, deps, staff, params.portalId)) };
      }),
  ),
  ...inviteRoutes,
];
