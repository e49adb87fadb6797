import {
  choosePartsInStore,
  completeUpload,
} from '../../../domain/evidence/uploads/complete-upload.ts';
import { staffParty } from '../../../domain/evidence/uploads/uploading-party.ts';
import { abortUpload, requireUpload } from '../../../domain/evidence/uploads/uploads.ts';
import { type Route, route } from '../../route.ts';
import { addressesOfParts, beginUpload } from '../../uploading.ts';
import { presentUpload } from './upload-presenter.ts';
import {
  begunUpload,
  completion,
  newUpload,
  partAddresses,
  uploadParams,
  uploadView,
  wantedParts,
} from './upload-schema.ts';

export const uploadRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/evidence/uploads',
      tag: 'Uploads',
      summary: 'Begin an upload',
      description: 'The bytes go to the object store directly, in parts.',
      body: newUpload,
      answers: { 201: { description: 'How to cut the file', body: begunUpload } },
      problems: ['not-found', 'permission-missing', 'file-too-large', 'file-type-not-supported'],
    },
    async ({ deps, staff, body, command }) =>
      beginUpload(deps, staffParty(staff), body, (record) =>
        command(async (act) => {
          const { id, state, partSize, partCount } = await record(act);
          return {
            status: 201,
            headers: { Location: `/api/v1/evidence/uploads/${id}` },
            body: { id, state, partSize, partCount },
          };
        }),
      ),
  ),
  route(
    {
      method: 'post',
      path: '/evidence/uploads/{uploadId}/part-urls',
      tag: 'Uploads',
      summary: 'Get addresses to send parts to',
      params: uploadParams,
      body: wantedParts,
      answers: { 200: { description: 'Good for an hour', body: partAddresses } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ deps, staff, params, body }) => ({
      status: 200,
      body: await addressesOfParts(deps, staffParty(staff), params.uploadId, body.partNumbers),
    }),
  ),
  route(
    {
      method: 'get',
      path: '/evidence/uploads/{uploadId}',
      tag: 'Uploads',
      summary: 'Read how far an upload is',
      params: uploadParams,
      answers: { 200: { description: 'Its state and its parts', body: uploadView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params }) => {
      const upload = await requireUpload(
        deps.database.em.fork(),
        staffParty(staff),
        params.uploadId,
      );
      return { status: 200, body: await presentUpload(upload, deps.store) };
    },
  ),
  route(
    {
      method: 'post',
      path: '/evidence/uploads/{uploadId}/complete',
      tag: 'Uploads',
      summary: 'Complete an upload',
      description: 'Asking again changes nothing and answers with the state that it is in.',
      params: uploadParams,
      body: completion,
      answers: {
        200: { description: 'It was settled before', body: uploadView },
        202: { description: 'It is read back now', body: uploadView },
      },
      problems: [
        'not-found',
        'permission-missing',
        'parts-missing',
        'part-ambiguous',
        'part-wrong-size',
        'wrong-state',
      ],
    },
    async ({ deps, staff, params, body, command }) => {
      const em = deps.database.em.fork();
      const parts = await choosePartsInStore(
        em,
        deps.store,
        staffParty(staff),
        params.uploadId,
        body.parts,
      );
      return command(async (act) => {
        const upload = await completeUpload(act, staffParty(staff), params.uploadId, parts);
        const view = await presentUpload(upload, deps.store);
        return { status: upload.state === 'verifying' ? 202 : 200, body: view };
      });
    },
  ),
  route(
    {
      method: 'delete',
      path: '/evidence/uploads/{uploadId}',
      tag: 'Uploads',
      summary: 'Give an upload up',
      params: uploadParams,
      answers: { 204: { description: 'What was sent is removed' } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await abortUpload(act, staffParty(staff), params.uploadId);
        return { status: 204 };
      }),
  ),
];
