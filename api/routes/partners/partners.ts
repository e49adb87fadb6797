import {
  acceptPartner,
  changePartner,
  endPartner,
  invitePartner,
} from '../../../domain/identity/partners.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listPartners, readPartner } from './presenter.ts';
import { listRecipients } from './recipients.ts';
import {
  newPartner,
  ownDirections,
  partnerChange,
  partnerParams,
  partnerQuery,
  partnerView,
  recipientQuery,
  recipientView,
} from './schema.ts';

const tag = 'Partners';

export const partnerRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/partners',
      tag,
      summary: 'List partners, invited and ended ones too',
      query: partnerQuery,
      answers: { 200: { description: 'A page of them, oldest first', body: pageOf(partnerView) } },
    },
    async ({ staff, deps, query }) => ({
      status: 200,
      body: await listPartners(deps.database.em.fork(), staff, query),
    }),
  ),
  route(
    {
      method: 'post',
      path: '/partners',
      tag,
      summary: 'Invite an organization to be a partner',
      body: newPartner,
      answers: { 201: { description: 'The invitation', body: partnerView } },
      problems: ['permission-missing', 'already-exists'],
    },
    async ({ staff, body, command }) =>
      command(async (act) => {
        const { id } = await invitePartner(act, staff, body);
        return {
          status: 201,
          headers: { Location: `/api/v1/partners/${id}` },
          ...(await readPartner(act.em, staff, id)),
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/partners/{partnerId}',
      tag,
      summary: 'Read one',
      params: partnerParams,
      answers: { 200: { description: 'The other side, as we see it', body: partnerView } },
      problems: ['not-found'],
    },
    async ({ staff, deps, params }) => ({
      status: 200,
      ...(await readPartner(deps.database.em.fork(), staff, params.partnerId)),
    }),
  ),
  route(
    {
      method: 'get',
      path: '/partners/{partnerId}/recipients',
      tag,
      summary: 'Find users and groups of a partner to share with',
      description:
        'Of an active partner only, that we may send to and that may receive from us. Needs `case.share` and `case.shareExternally`.',
      params: partnerParams,
      query: recipientQuery,
      answers: {
        200: { description: 'A page of them, oldest first', body: pageOf(recipientView) },
      },
      problems: ['not-found', 'permission-missing', 'wrong-state', 'partner-direction-missing'],
    },
    async ({ staff, deps, params, query }) => ({
      status: 200,
      body: await listRecipients(deps.database.em.fork(), staff, params.partnerId, query),
    }),
  ),
  route(
    {
      method: 'post',
      path: '/partners/{partnerId}/accept',
      tag,
      summary: 'Accept an invitation',
      params: partnerParams,
      body: ownDirections,
      answers: { 200: { description: 'The partnership', body: partnerView } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, body, command }) =>
      command(async (act) => {
        await acceptPartner(act, staff, params.partnerId, body);
        await act.em.flush();
        return { status: 200, ...(await readPartner(act.em, staff, params.partnerId)) };
      }),
  ),
  route(
    {
      method: 'patch',
      path: '/partners/{partnerId}',
      tag,
      summary: 'Change our own two directions',
      params: partnerParams,
      body: partnerChange,
      answers: { 200: { description: 'As it is now', body: partnerView } },
      problems: ['not-found', 'permission-missing', 'wrong-state', 'precondition-failed'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changePartner(act, staff, params.partnerId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readPartner(act.em, staff, params.partnerId)) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/partners/{partnerId}',
      tag,
      summary: 'End a partnership, or decline or withdraw an invitation',
      params: partnerParams,
      answers: { 204: { description: 'It has ended' } },
      problems: ['not-found', 'permission-missing', 'precondition-failed'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        await endPartner(act, staff, params.partnerId, checkVersion);
        return { status: 204 };
      }),
  ),
];
