/** The calls of whoever holds a session of an upload request: `/guest/v1/requests/{requestId}`. */
import { linkDead, requestParty } from '../../domain/requests/request-party.ts';
import { type RequestGrant, requestActor } from '../../domain/requests/request-session.ts';
import { authorisedForRequest } from './authorised.ts';
import type { GuestKind } from './guest-kind.ts';
import { type GuestRoute, guestRoute, PREFIX_ONLY } from './guest-route.ts';
import { recordRefusal } from './refusals.ts';
import { readRequestFacts, uploadsOfRequest } from './request-facts.ts';
import { newGuestUpload, requestFacts, requestParams } from './schema.ts';
import { guestUploadRoutes } from './upload-routes.ts';

/** The trusted user of an upload request. */
export const REQUEST_GUEST: GuestKind<RequestGrant> = {
  prefix: '/guest/v1/requests/{requestId}',
  params: requestParams,
  tag: 'Guests of an upload request',
  operation: 'GuestRequest',
  cookie: 'the link of the request was exchanged for (`POST /u/{token}`)',
  authorise: (ctx, deps) => authorisedForRequest(ctx, deps, linkDead),
  actorOf: ({ sessionId, organizationId }) => requestActor(sessionId, organizationId),
  // Whoever holds a session of the request is the one trusted user.
  keyOwnerOf: ({ requestId }) => requestId,
  partyOf: requestParty,
  uploadsOf: uploadsOfRequest,
  recordRefusal: (ctx, deps, grant, reason) =>
    recordRefusal(ctx, deps, grant, { type: 'file', reason }),
};

/** All of them but for the activity log, which more than they may read. */
export const REQUEST_GUEST_ROUTES: readonly GuestRoute[] = [
  guestRoute(
    REQUEST_GUEST,
    {
      method: 'get',
      path: '',
      summary: 'Read what is asked for, until when, and what was sent so far',
      params: PREFIX_ONLY,
      answers: { 200: { description: 'The facts', body: requestFacts } },
    },
    async ({ deps, grant }) => ({
      status: 200,
      body: await readRequestFacts(deps.database.em.fork(), grant),
    }),
  ),
  ...guestUploadRoutes(REQUEST_GUEST, {
    body: newGuestUpload,
    fileOf: ({ caseId }, body) => ({ ...body, caseId, title: null, recordedAt: null }),
  }),
];
