import { requireReadableCase } from '../../../domain/cases/visibility.ts';
import { extendRequest, resendRequest } from '../../../domain/requests/change-request.ts';
import { closeRequest } from '../../../domain/requests/close-request.ts';
import { createRequest, requestMore } from '../../../domain/requests/create-request.ts';
import { requireRequest } from '../../../domain/requests/request-policy.ts';
import { pageOf } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { activityLogRoutes } from './activity-log.ts';
import { listRequests, readRequest } from './presenter.ts';
import {
  caseParams,
  furtherRequest,
  newUploadRequest,
  requestChange,
  uploadRequestDetail,
  uploadRequestParams,
  uploadRequestQuery,
  uploadRequestView,
} from './schema.ts';

const tag = 'Trusted upload';
const ofRequest = { tag, params: uploadRequestParams } as const;

export const uploadRequestRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/cases/{caseId}/upload-requests',
      tag,
      summary: 'Ask a trusted user for evidence',
      description: 'The invitation is mailed to it; the link in the mail lives 14 days.',
      params: caseParams,
      body: newUploadRequest,
      answers: { 201: { description: 'The request', body: uploadRequestDetail } },
      problems: ['not-found', 'permission-missing', 'feature-missing'],
    },
    async ({ staff, deps, params, body, command }) =>
      command(async (act) => {
        const { id } = await createRequest(act, staff, deps.linkKeys, params.caseId, body);
        return {
          status: 201,
          headers: { Location: `/api/v1/upload-requests/${id}` },
          ...(await readRequest(act.em, id)),
        };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/cases/{caseId}/upload-requests',
      tag,
      summary: 'List the requests of a case',
      params: caseParams,
      query: uploadRequestQuery,
      answers: { 200: { description: 'A page, newest first', body: pageOf(uploadRequestView) } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params, query }) => {
      const em = deps.database.em.fork();
      await requireReadableCase(em, staff, params.caseId);
      return { status: 200, body: await listRequests(em, staff, params.caseId, query) };
    },
  ),
  route(
    {
      ...ofRequest,
      method: 'get',
      path: '/upload-requests/{uploadRequestId}',
      summary: 'Read one, with its uploads',
      answers: { 200: { description: 'The request', body: uploadRequestDetail } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params }) => {
      const em = deps.database.em.fork();
      await requireRequest(em, staff, params.uploadRequestId);
      return { status: 200, ...(await readRequest(em, params.uploadRequestId)) };
    },
  ),
  route(
    {
      ...ofRequest,
      method: 'patch',
      path: '/upload-requests/{uploadRequestId}',
      summary: 'Extend its link, also one that has expired',
      body: requestChange,
      answers: { 200: { description: 'As it is now', body: uploadRequestDetail } },
      problems: [
        'not-found',
        'permission-missing',
        'feature-missing',
        'wrong-state',
        'precondition-failed',
      ],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        const id = params.uploadRequestId;
        await extendRequest(act, staff, id, body.durationDays, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readRequest(act.em, id)) };
      }),
  ),
  route(
    {
      ...ofRequest,
      method: 'post',
      path: '/upload-requests/{uploadRequestId}/request-more',
      summary: 'Ask the same trusted user for more, by a new request',
      body: furtherRequest,
      answers: { 201: { description: 'The new request', body: uploadRequestDetail } },
      problems: ['not-found', 'permission-missing', 'feature-missing'],
    },
    async ({ staff, deps, params, body, command }) =>
      command(async (act) => {
        const { id } = await requestMore(act, staff, deps.linkKeys, params.uploadRequestId, body);
        return {
          status: 201,
          headers: { Location: `/api/v1/upload-requests/${id}` },
          ...(await readRequest(act.em, id)),
        };
      }),
  ),
  route(
    {
      ...ofRequest,
      method: 'post',
      path: '/upload-requests/{uploadRequestId}/resend',
      summary: 'Send the invitation again',
      description:
        'With the link that works now: the same one while it lives, else a new one. Reminders begin anew.',
      answers: { 202: { description: 'It is mailed', body: uploadRequestDetail } },
      problems: ['not-found', 'permission-missing', 'feature-missing', 'wrong-state'],
    },
    async ({ staff, deps, params, command }) =>
      command(async (act) => {
        await resendRequest(act, staff, deps.linkKeys, params.uploadRequestId);
        await act.em.flush();
        return { status: 202, ...(await readRequest(act.em, params.uploadRequestId)) };
      }),
  ),
  route(
    {
      ...ofRequest,
      method: 'post',
      path: '/upload-requests/{uploadRequestId}/close',
      summary: 'Close a request',
      description:
        'What was completed before is kept; everything else is refused. The trusted user gets a link to the activity log.',
      answers: { 200: { description: 'The closed request', body: uploadRequestDetail } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ staff, deps, params, command }) =>
      command(async (act) => {
        await closeRequest(act, staff, deps.linkKeys, params.uploadRequestId);
        await act.em.flush();
        return { status: 200, ...(await readRequest(act.em, params.uploadRequestId)) };
      }),
  ),
  ...activityLogRoutes,
];
