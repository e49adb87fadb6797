/** Sending files as a guest: the staff's calls, for whoever holds a session that lets it. */
import type { z } from 'zod';
import {
  choosePartsInStore,
  completeUpload,
} from '../../domain/evidence/uploads/complete-upload.ts';
import { abortUpload, requireUpload } from '../../domain/evidence/uploads/uploads.ts';
import { pageOf } from '../paging.ts';
import {
  begunUpload,
  completion,
  partAddresses,
  uploadParams,
  wantedParts,
} from '../routes/evidence/upload-schema.ts';
import { addressesOfParts, beginUpload } from '../uploading.ts';
import type { GuestFile, GuestKind } from './guest-kind.ts';
import { type GuestRoute, guestRoute, PREFIX_ONLY } from './guest-route.ts';
import { listGuestUploads, presentGuestUpload } from './guest-uploads.ts';
import { guestUpload, guestUploadQuery, guestUploadWithParts } from './schema.ts';

/** The calls below `/uploads` for a kind of guest. */
export function guestUploadRoutes<Grant, Body extends z.ZodObject>(
  kind: GuestKind<Grant>,
  { body: newFile, fileOf }: GuestFile<Grant, Body>,
): readonly GuestRoute[] {
  return [
    guestRoute(
      kind,
      {
        method: 'get',
        path: '/uploads',
        summary: 'List what was sent',
        params: PREFIX_ONLY,
        query: guestUploadQuery,
        answers: { 200: { description: 'A page, newest first', body: pageOf(guestUpload) } },
      },
      async ({ deps, grant, query }) => ({
        status: 200,
        body: await listGuestUploads(deps.database.em.fork(), kind.uploadsOf(grant), query),
      }),
    ),
    guestRoute(
      kind,
      {
        method: 'post',
        path: '/uploads',
        summary: 'Begin an upload',
        description: 'The bytes go to the object store directly, in parts.',
        params: PREFIX_ONLY,
        body: newFile,
        answers: { 201: { description: 'How to cut the file', body: begunUpload } },
        problems: ['file-too-large', 'file-type-not-supported', 'too-many-files', 'too-many-bytes'],
      },
      async ({ ctx, deps, grant, party, body, commandOnce }) =>
        beginUpload(deps, party, fileOf(grant, body), (record) =>
          commandOnce(async (act) => {
            const { id, state, partSize, partCount } = await record(act);
            return {
              status: 201,
              headers: { Location: `${ctx.path}/${id}` },
              body: { id, state, partSize, partCount },
            };
          }),
        ),
    ),
    guestRoute(
      kind,
      {
        method: 'post',
        path: '/uploads/{uploadId}/part-urls',
        summary: 'Get addresses to send parts to',
        params: uploadParams,
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
      kind,
      {
        method: 'get',
        path: '/uploads/{uploadId}',
        summary: 'Read how far an upload is',
        params: uploadParams,
        answers: { 200: { description: 'Its state and its parts', body: guestUploadWithParts } },
        problems: ['not-found'],
      },
      async ({ deps, party, params }) => {
        const upload = await requireUpload(deps.database.em.fork(), party, params.uploadId);
        return { status: 200, body: await presentGuestUpload(upload, deps.store) };
      },
    ),
    guestRoute(
      kind,
      {
        method: 'post',
        path: '/uploads/{uploadId}/complete',
        summary: 'Complete an upload',
        description: 'Asking again changes nothing and answers with the state that it is in.',
        params: uploadParams,
        body: completion,
        answers: {
          200: { description: 'It was settled before', body: guestUploadWithParts },
          202: { description: 'It is read back now', body: guestUploadWithParts },
        },
        problems: [
          'not-found',
          'parts-missing',
          'part-ambiguous',
          'part-wrong-size',
          'wrong-state',
        ],
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
      kind,
      {
        method: 'delete',
        path: '/uploads/{uploadId}',
        summary: 'Give an upload up',
        params: uploadParams,
        answers: { 204: { description: 'What was sent is removed' } },
        problems: ['not-found', 'wrong-state'],
      },
      async ({ party, params, command }) => {
        await command((act) => abortUpload(act, party, params.uploadId));
        return { status: 204 };
      },
    ),
  ];
}
