import { z } from 'zod';
import { UPLOAD_STATES } from '../../../domain/evidence/evidence.entity.ts';
import type { CaseId, TrustedUserId, UploadRequestId } from '../../../domain/ids.ts';
import { REQUEST_STATES } from '../../../domain/requests/request-state.ts';
import { REQUEST_FIELDS } from '../../../domain/requests/upload-request.entity.ts';
import { paging } from '../../paging.ts';
import { id, text } from '../../validation.ts';

export const caseParams = z.object({ caseId: id<CaseId>() });
export const uploadRequestParams = z.object({ uploadRequestId: id<UploadRequestId>() });

const choice = {
  fields: z
    .array(z.enum(REQUEST_FIELDS))
    .max(REQUEST_FIELDS.length)
    .default([])
    .describe('what of the case the mail tells; the case must have it'),
  note: text(5_000)
    .transform((note) => note.trim() || null)
    .nullable()
    .default(null),
};

export const newUploadRequest = z
  .strictObject({ trustedUserId: id<TrustedUserId>(), ...choice })
  .meta({ id: 'NewUploadRequest' });

export const furtherRequest = z.strictObject(choice).meta({ id: 'FurtherUploadRequest' });

export const requestChange = z
  .strictObject({ durationDays: z.int().min(1).describe('that the link lives from now') })
  .meta({ id: 'UploadRequestChange' });

export const uploadRequestQuery = z.strictObject({
  ...paging,
  state: z.enum(REQUEST_STATES).optional(),
});

const person = z.object({ id: z.uuid(), name: z.string() });

export const uploadRequestView = z
  .object({
    id: z.uuid(),
    caseId: z.uuid(),
    state: z.enum(REQUEST_STATES),
    trustedUser: z.object({ id: z.uuid(), email: z.string(), name: z.string().nullable() }),
    sender: person,
    fields: z.array(z.enum(REQUEST_FIELDS)),
    note: z.string().nullable(),
    earlierRequestId: z.uuid().nullable().describe('the request that this one asks for more than'),
    expiresAt: z.iso.datetime(),
    expired: z.boolean().describe('by PostgreSQL’s clock; it can be refreshed, extended or closed'),
    closedAt: z.iso.datetime().nullable(),
    uploadCount: z.int().describe('files that were completed'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'UploadRequest' });

export const uploadRequestDetail = uploadRequestView
  .extend({
    uploads: z
      .array(
        z.object({
          id: z.uuid(),
          fileName: z.string(),
          size: z.int(),
          state: z.enum(UPLOAD_STATES),
          sha256: z.string().nullable(),
          evidenceId: z.uuid().nullable(),
          failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
          begunAt: z.iso.datetime(),
          completedAt: z.iso.datetime().nullable(),
          settledAt: z.iso.datetime().nullable(),
        }),
      )
      .describe('newest first, at most 1,000; the activity log has all'),
  })
  .meta({ id: 'UploadRequestDetail' });
