import {
  eraseCommunityMember,
  resendInvite,
} from '../../../domain/portals/invites/change-invite.ts';
import { createInvite, type MadeInvite } from '../../../domain/portals/invites/create-invite.ts';
import { inviteAddress } from '../../../domain/portals/invites/invite-links.ts';
import { requirePortal } from '../../../domain/portals/portal-policy.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { listInvites, withLinkAgain } from './presenter.ts';
import {
  inviteParams,
  inviteQuery,
  inviteView,
  madeInvite,
  newInvite,
  portalParams,
} from './schema.ts';

const tag = 'Community request';

export const inviteRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/portals/{portalId}/invites',
      tag,
      summary: 'Invite a community member',
      description:
        'To one submission, by a link that lives 10 days. The link is in this answer and nowhere else.',
      params: portalParams,
      body: newInvite,
      answers: { 201: { description: 'The invite, with its link', body: madeInvite } },
      problems: ['not-found', 'permission-missing', 'feature-missing', 'wrong-state'],
      again: async (deps, _staff, kept) => withLinkAgain(deps, madeInvite.parse(kept)),
    },
    async ({ staff, deps, params, body, command }) =>
      command(async (act) => {
        const portal = await requirePortal(act.em, staff, params.portalId);
        const { communityMember: member, delivery } = body;
        const made = await createInvite(
          act,
          { type: 'staff', staff },
          portal,
          { member, delivery, language: member?.language ?? 'en' },
          deps.linkKeys,
        );
        return { status: 201, body: present(deps, made) };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/portals/{portalId}/invites',
      tag,
      summary: 'List the invites to a portal',
      params: portalParams,
      query: inviteQuery,
      answers: { 200: { description: 'A page, newest first', body: pageOf(inviteView) } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params, query }) => {
      const em = deps.database.em.fork();
      await requirePortal(em, staff, params.portalId);
      return { status: 200, body: await listInvites(em, staff, params.portalId, query) };
    },
  ),
  route(
    {
      method: 'post',
      path: '/invites/{inviteId}/resend',
      tag,
      summary: 'Send an invite again',
      description:
        'With the link that works now: the same one while it lives, else a new one. Reminders begin anew.',
      params: inviteParams,
      answers: { 202: { description: 'It is sent', body: madeInvite } },
      problems: ['not-found', 'permission-missing', 'feature-missing', 'wrong-state'],
      again: async (deps, _staff, kept) => withLinkAgain(deps, madeInvite.parse(kept)),
    },
    async ({ staff, deps, params, command }) =>
      command(async (act) => {
        const made = await resendInvite(act, staff, params.inviteId, deps.linkKeys);
        return { status: 202, body: present(deps, made) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/invites/{inviteId}/community-member',
      tag,
      summary: 'Erase what is known of its community member',
      description:
        'Contact information, the address of delivery, and where its sessions came from. What was handed in stays.',
      params: inviteParams,
      answers: { 204: { description: 'It is erased' } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await eraseCommunityMember(act, staff, params.inviteId);
        return { status: 204 };
      }),
  ),
];

function present(deps: ApiDeps, { invite, token }: MadeInvite) {
  return {
    id: invite.id,
    link: inviteAddress(deps.config.CASEBRIDGE_PUBLIC_URL, token),
    expiresAt: invite.expiresAt.toISOString(),
  };
}
