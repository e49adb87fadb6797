import { z } from 'zod';
import { UPLOAD_STATES } from '../../../domain/evidence/evidence.entity.ts';
import type { CaseId, UploadId } from '../../../domain/ids.ts';
import { id, instant, line } from '../../validation.ts';

export const uploadParams = z.object({ uploadId: id<UploadId>() });

/** RFC 9110 section 8.3.1: type, subtype and parameters; ASCII only, since it becomes a header. */
const CONTENT_TYPE =
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+([ \t]*;[ \t]*[\w!#$&^.+-]+=("[ !#-[\]-~]*"|[\w!#$&^.+-]+))*$/;

const SHA256 = /^[0-9a-f]{64}$/;

export const newUpload = z
  .strictObject({
    caseId: id<CaseId>().nullable().default(null),
    fileName: z.string().describe('as it is on the disk; folders before it, separated by "/"'),
    size: z
      .number()
      .refine((size) => size >= 0 && Number.isInteger(size), 'Must be a whole number of bytes.'),
    contentType: z
      .string()
      .max(200)
      .regex(CONTENT_TYPE, 'Must be a media type, such as video/mp4.')
      .nullable()
      .default(null)
      .describe('known by the extension if not given'),
    title: line(1_000).nullable().default(null).describe('the file name if not given'),
    recordedAt: instant.nullable().default(null),
    sha256: z
      .string()
      .toLowerCase()
      .regex(SHA256, 'Must be a SHA-256 in hex.')
      .nullable()
      .default(null)
      .describe('compared with what was read back: another one refuses the file'),
  })
  .meta({ id: 'NewUpload' });

const partNumber = z.int().min(1, 'Parts are numbered from 1.').max(10_000);
const partCount = z
  .int()
  .describe('parts are numbered from 1 to this; an empty file has one empty part');
const partSize = z.int().describe('bytes of each part but the last, which has the rest');

export const begunUpload = z
  .object({ id: z.uuid(), state: z.enum(UPLOAD_STATES), partSize, partCount })
  .meta({ id: 'BegunUpload' });

export const wantedParts = z
  .strictObject({
    partNumbers: z
      .array(partNumber)
      .min(1)
      .max(100, 'At most 100 parts at once: addresses are short-lived, ask just before you send.'),
  })
  .meta({ id: 'WantedParts' });

export const partAddresses = z
  .object({
    urls: z.array(
      z.object({
        partNumber: z.int(),
        url: z.string().describe('PUT the bytes of the part there; a secret while it is good'),
        headers: z.record(z.string(), z.string()).describe('send these with it'),
        expiresAt: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'PartAddresses' });

export const completion = z
  .strictObject({
    parts: z
      .array(
        z.strictObject({
          partNumber,
          etag: z
            .string()
            .min(1)
            .max(200)
            .transform((etag) => etag.replace(/^"(.*)"$/, '$1')),
        }),
      )
      .max(10_000)
      .default([])
      .describe('the ETag that the store gave for parts; needed for those sent more than once'),
  })
  .meta({ id: 'Completion' });

export const uploadView = z
  .object({
    id: z.uuid(),
    caseId: z.uuid().nullable(),
    fileName: z.string(),
    size: z.int(),
    state: z.enum(UPLOAD_STATES),
    partSize,
    partCount,
    parts: z.array(z.object({ partNumber: z.int(), size: z.int(), etag: z.string() })),
    evidenceId: z.uuid().optional().describe('of a duplicate, the evidence that the case has'),
    sha256: z.string().optional(),
    failure: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .meta({ id: 'Upload' });
