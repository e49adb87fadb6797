import { z } from 'zod';
import { UPLOAD_STATES } from '../../domain/evidence/evidence.entity.ts';
import type { UploadRequestId } from '../../domain/ids.ts';
import { REQUEST_FIELDS } from '../../domain/requests/upload-request.entity.ts';
import { pageOf, paging } from '../paging.ts';
import { newUpload } from '../routes/evidence/upload-schema.ts';
import { id } from '../validation.ts';

export const requestParams = z.object({ requestId: id<UploadRequestId>() });

/** What a guest says of a file before it sends it. */
export const newGuestUpload = newUpload
  .pick({ fileName: true, size: true, contentType: true, sha256: true })
  .meta({ id: 'NewGuestUpload' });

export const guestUploadQuery = z.strictObject({
  ...paging,
  state: z.enum(UPLOAD_STATES).optional(),
});

/** A file on its way, as the one who sends it sees it: no byte of it can be read back. */
export const guestUpload = z
  .object({
    id: z.uuid(),
    fileName: z.string(),
    size: z.int(),
    state: z.enum(UPLOAD_STATES),
    partSize: z.int(),
    partCount: z.int(),
    begunAt: z.iso.datetime(),
    settledAt: z.iso.datetime().nullable(),
    sha256: z.string().nullable().describe('computed by us once it was read back'),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
    caption: z.string().nullable().describe('what its sender said of it'),
  })
  .meta({ id: 'GuestUpload' });

/** The same with its parts. */
export const guestUploadWithParts = guestUpload
  .extend({
    parts: z
      .array(z.object({ partNumber: z.int(), size: z.int(), etag: z.string() }))
      .describe('while it is uploading, what the store has of it: the truth about how far it is'),
  })
  .meta({ id: 'GuestUploadWithParts' });

/** What a page needs to know to send files: what is taken, until when, and what was sent so far. */
export const sendingFacts = z.object({
  state: z
    .enum(['open', 'expired'])
    .describe('`expired`: what was begun may be finished, nothing new begun'),
  expiresAt: z.iso.datetime(),
  finishBy: z.iso.datetime().describe('until when uploads begun before expiry may be finished'),
  limits: z.object({
    fileSize: z.int().describe('bytes that a file may have'),
    files: z.int().describe('files that are taken in all'),
  }),
  supportedExtensions: z.array(z.string()).describe('in lower case, without the dot'),
  counts: z
    .object({
      uploading: z.int(),
      verifying: z.int(),
      verified: z.int(),
      duplicate: z.int(),
      failed: z.int(),
    })
    .describe('of all uploads'),
  uploads: z.array(guestUpload).describe('unfinished ones first, then the newest; at most 500'),
});

/** The facts of which any kind of guest is told. */
export type SendingFacts = z.input<typeof sendingFacts>;

/** What a request tells the one whom it asks. */
export const requestFacts = sendingFacts
  .extend({
    id: z.uuid(),
    organization: z.object({ name: z.string(), timeZone: z.string() }),
    sender: z.object({ name: z.string() }),
    fields: z.array(z.object({ field: z.enum(REQUEST_FIELDS), value: z.string() })),
    note: z.string().nullable(),
  })
  .meta({ id: 'UploadRequestFacts' });

export const logQuery = z.strictObject(paging);
const logEntry = z
  .object({
    sequence: z.int(),
    at: z.iso.datetime(),
    actor: z.object({
      kind: z.enum(['trusted_user', 'user', 'system']),
      name: z.string().nullable(),
    }),
    action: z.string(),
    files: z.array(z.object({ name: z.string(), size: z.int(), sha256: z.string().nullable() })),
    outcome: z.enum(['done', 'refused', 'failed']),
    reason: z.string().nullable(),
  })
  .meta({ id: 'ActivityLogEntry' });
const logSummary = z
  .object({
    items: z.int().describe('files that were verified'),
    lastAt: z.iso.datetime().nullable().describe('when the last of them was'),
  })
  .meta({ id: 'ActivityLogSummary' });

/** A page of the activity log, with what stands on top of it. */
export const activityLogPage = z
  .object({ summary: logSummary, ...pageOf(logEntry).shape })
  .meta({ id: 'ActivityLog' });
