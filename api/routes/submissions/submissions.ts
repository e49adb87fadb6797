import { requireSeesPortals } from '../../../domain/portals/portal-policy.ts';
import { requireSubmission } from '../../../domain/portals/submissions/submission-policy.ts';
import { decideFile, decideRemaining } from '../../../domain/portals/submissions/triage.ts';
import type { Decision } from '../../../domain/portals/submissions/triage-rule.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { exportSubmissions } from './export.ts';
import { listSubmissions, readSubmission, readTriaged } from './presenter.ts';
import {
  fileParams,
  submissionFilters,
  submissionParams,
  submissionQuery,
  submissionView,
  triagedSubmission,
} from './schema.ts';

const tag = 'Community request';

export const submissionRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/submissions',
      tag,
      summary: 'List what was handed in',
      query: submissionQuery,
      answers: { 200: { description: 'A page, newest first', body: pageOf(submissionView) } },
      problems: ['permission-missing'],
    },
    async ({ staff, deps, query }) => {
      requireSeesPortals(staff);
      return { status: 200, body: await listSubmissions(deps.database.em.fork(), staff, query) };
    },
  ),
  route(
    {
      method: 'get',
      path: '/submissions/export.csv',
      tag,
      summary: 'Export what was handed in',
      query: submissionFilters,
      answers: { 200: { description: 'A row for each file', contentType: 'text/csv' } },
      problems: ['permission-missing'],
    },
    async (request) => exportSubmissions(request, request.query),
  ),
  route(
    {
      method: 'get',
      path: '/submissions/{submissionId}',
      tag,
      summary: 'Read one',
      params: submissionParams,
      answers: { 200: { description: 'The submission', body: submissionView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params }) => {
      const em = deps.database.em.fork();
      await requireSubmission(em, staff, params.submissionId);
      return { status: 200, ...(await readSubmission(em, staff, params.submissionId)) };
    },
  ),
  fileRoute('accept', 'accepted', 'Accept a file', 'Also one that was declined, while it is kept.'),
  fileRoute(
    'decline',
    'declined',
    'Decline a file',
    'It is kept for a while, and may be accepted.',
  ),
  remainingRoute('accept-remaining', 'accepted', 'Accept every file that waits for a decision'),
  remainingRoute('decline-remaining', 'declined', 'Decline every file that waits for a decision'),
];

function fileRoute(name: string, decision: Decision, summary: string, description: string): Route {
  return route(
    {
      method: 'post',
      path: `/submissions/{submissionId}/files/{fileId}/${name}`,
      tag,
      summary,
      description: `${description} Of two decisions at once the first counts.`,
      params: fileParams,
      answers: { 200: { description: 'The submission now', body: triagedSubmission } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ ctx, staff, params, command }) =>
      command(async (act) => {
        const { submissionId, fileId } = params;
        const waited = performance.now() - Number(ctx.state.arrived);
        await decideFile(act, staff, { submissionId, decision, waited }, fileId);
        return { status: 200, ...(await readTriaged(act.em, staff, submissionId)) };
      }),
  );
}

function remainingRoute(name: string, decision: Decision, summary: string): Route {
  return route(
    {
      method: 'post',
      path: `/submissions/{submissionId}/${name}`,
      tag,
      summary,
      params: submissionParams,
      answers: { 200: { description: 'The submission now', body: triagedSubmission } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await decideRemaining(act, staff, { submissionId: params.submissionId, decision });
        return { status: 200, ...(await readTriaged(act.em, staff, params.submissionId)) };
      }),
  );
}
