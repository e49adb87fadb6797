import {
  changeIncidentReport,
  createIncidentReport,
  inviteToIncidentReport,
} from '../../domain/integration/incident-reports.ts';
import { type ClientRoute, clientRoute } from './client-route.ts';
import { presentInvite, readReport, withLink } from './presenter.ts';
import {
  createdInvite,
  createdReport,
  incidentReportChange,
  incidentReportView,
  newIncidentReport,
  newInviteLink,
  portalParams,
} from './schema.ts';

/** The three calls of external systems. */
export const CLIENT_ROUTES: readonly ClientRoute[] = [
  clientRoute(
    {
      method: 'post',
      path: '/incident-report',
      scope: 'incident-report:create',
      summary: 'Create an incident-report portal',
      description:
        'With a community member it also makes an invite. What the organization requires or hides is told by 422. The same `id` again: 409, with the `portalId` that it has.',
      body: newIncidentReport,
      answers: { 201: { description: 'The portal, and its invite', body: createdReport } },
      problems: ['already-exists', 'wrong-state'],
      again: async (deps, _client, kept) => withLink(deps, createdReport.parse(kept)),
    },
    async ({ deps, client, body, command }) =>
      command(async (act) => {
        const { communityMember, sendInvite, ...report } = body;
        const invite = communityMember === undefined ? null : { communityMember, sendInvite };
        const { portal, made } = await createIncidentReport(
          act,
          client,
          { ...report, invite },
          deps.linkKeys,
        );
        await act.em.flush();
        const { status } = (await readReport(act.em, client, portal.id)).body;
        return {
          status: 201,
          body: {
            portalId: portal.id,
            status,
            ...(made === null ? {} : presentInvite(deps, made)),
          },
        };
      }),
  ),
  clientRoute(
    {
      method: 'patch',
      path: '/incident-report/{portalId}',
      scope: 'incident-report:update',
      summary: 'Change or close a portal that this client created',
      params: portalParams,
      body: incidentReportChange,
      answers: { 200: { description: 'The portal as it is now', body: incidentReportView } },
      problems: ['not-found', 'wrong-state', 'precondition-failed'],
    },
    async ({ client, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changeIncidentReport(act, client, params.portalId, body, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readReport(act.em, client, params.portalId)) };
      }),
  ),
  clientRoute(
    {
      method: 'post',
      path: '/incident-report/{portalId}/invite-link',
      scope: 'incident-report:invite',
      summary: 'Make another invite to a portal that this client created',
      params: portalParams,
      body: newInviteLink,
      answers: { 201: { description: 'The invite, with its link', body: createdInvite } },
      problems: ['not-found', 'wrong-state'],
      again: async (deps, _client, kept) => withLink(deps, createdInvite.parse(kept)),
    },
    async ({ deps, client, params, body, command }) =>
      command(async (act) => {
        const made = await inviteToIncidentReport(
          act,
          client,
          params.portalId,
          body,
          deps.linkKeys,
        );
        return { status: 201, body: presentInvite(deps, made) };
      }),
  ),
];
