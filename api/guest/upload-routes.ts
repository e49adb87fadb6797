/** Sending files through an upload request: the staff's calls, for whoever holds a session of it. */
import { choosePartsInStore, completeUpload } from '../../domain/evidence/complete-upload.ts';
import { abortUpload, requireUpload } from '../../domain/evidence/uploads.ts';
import { pageOf } from '../paging.ts';
import {
  begunUpload,
  completion,
  partAddresses,
  wantedParts,
} from '../routes/evidence/upload-schema.ts';
import { addressesOfParts, beginUpload } from '../uploading.ts';
import { type GuestRoute, guestRoute } from './guest-route.ts';
import { listGuestUploads, presentGuestUpload, readFacts } from './presenter.ts';
import {
  guestUpload,
  guestUploadParams,
  guestUploadQuery,
  guestUploadWithParts,
  newGuestUpload,
  requestFacts,
  requestParams,
} from './schema.ts';

/** The calls of guests, but for the activity log, which more than they may read. */
export const guestUploadRoutes: readonly GuestRoute[] = [
  guestRoute(
    {
      method: 'get',
      path: '',
      summary: 'Read what is asked for, until when, and what was sent so far',
      params: requestParams,
      answers: { 200: { description: 'The facts', body: requestFacts } },
    },
    async ({ deps, grant, party }) => ({
      status: 200,
      body: await readFacts(deps.database.em.fork(), grant, party),
    }),
  ),
  guestRoute(
    {
      method: 'get',
      path: '/uploads',
      summary: 'List what was sent',
      params: requestParams,
      query: guestUploadQuery,
      answers: { 200: { description: 'A page, newest first', body: pageOf(guestUpload) } },
    },
    async ({ deps, grant, query }) => ({
      status: 200,
      body: await listGuestUploads(deps.database.em.fork(), grant, query),
    }),
  ),
  guestRoute(
    {
      method: 'post',
      path: '/uploads',
      summary: 'Begin an upload',
      description: 'The bytes go to the object store directly, in parts.',
      params: requestParams,
      body: newGuestUpload,
      answers: { 201: { description: 'How to cut the file', body: begunUpload } },
      problems: ['file-too-large', 'file-type-not-supported', 'too-many-files'],
    },
    async ({ deps, grant, party, body, commandOnce }) => {
      const file = { ...body, caseId: grant.caseId, title: null, recordedAt: null };
      return beginUpload(deps, party, file, (record) =>
        commandOnce(async (act) => {
          const { id, state, partSize, partCount } = await record(act);
          return {
            status: 201,
            headers: { Location: `/guest/v1/requests/${grant.requestId}/uploads/${id}` },
            body: { id, state, partSize, partCount },
          };
        }),
      );
    },
  ),
  guestRoute(
    {
      method: 'post',
      path: '/uploads/{uploadId}/part-urls',
      summary: 'Get addresses to send parts to',
      params: guestUploadParams,
      body: wantedParts,
      answers: { 200: { description: 'Good for an hour', body: partAddresses } },
      problems: ['not-found', 'wrong-state'],
    },
    async ({ deps, party, params, body }) => ({
      status: 200,
      body: await addressesOfParts(deps, party, params.uploadId, body.partNumbers),
    }),
  ),
  guestRoute(
    {
      method: 'get',
      path: '/uploads/{uploadId}',
      summary: 'Read how far an upload is',
      params: guestUploadParams,
      answers: { 200: { description: 'Its state and its parts', body: guestUploadWithParts } },
      problems: ['not-found'],
    },
    async ({ deps, party, params }) => {
      const upload = await requireUpload(deps.database.em.fork(), party, params.uploadId);
      return { status: 200, body: await presentGuestUpload(upload, deps.store) };
    },
  ),
  guestRoute(
    {
      method: 'post',
      path: '/uploads/{uploadId}/complete',
      summary: 'Complete an upload',
      description: 'Asking again changes nothing and answers with the state that it is in.',
      params: guestUploadParams,
      body: completion,
      answers: {
        200: { description: 'It was settled before', body: guestUploadWithParts },
        202: { description: 'It is read back now', body: guestUploadWithParts },
      },
      problems: ['not-found', 'parts-missing', 'part-ambiguous', 'part-wrong-size', 'wrong-state'],
    },
    async ({ deps, party, params, body, command }) => {
      const em = deps.database.em.fork();
      const parts = await choosePartsInStore(em, deps.store, party, params.uploadId, body.parts);
      const upload = await command((act) => completeUpload(act, party, params.uploadId, parts));
      const view = await presentGuestUpload(upload, deps.store);
      return { status: upload.state === 'verifying' ? 202 : 200, body: view };
    },
  ),
  guestRoute(
    {
      method: 'delete',
      path: '/uploads/{uploadId}',
      summary: 'Give an upload up',
      params: guestUploadParams,
      answers: { 204: { description: 'What was sent is removed' } },
      problems: ['not-found', 'wrong-state'],
    },
    async ({ party, params, command }) => {
      await command((act) => abortUpload(act, party, params.uploadId));
      return { status: 204 };
    },
  ),
];
