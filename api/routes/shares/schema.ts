import { z } from 'zod';
import { ARCHIVE_FORMATS } from '../../../domain/archive/manifest.ts';
import type { CaseId, EvidenceId, ShareId } from '../../../domain/ids.ts';
import { LINK_STATES } from '../../../domain/sharing/link-state.ts';
import { SHARE_METHODS } from '../../../domain/sharing/share.entity.ts';
import { id, wellFormed } from '../../validation.ts';

export const shareParams = z.object({ shareId: id<ShareId>() });
export const sharedCaseParams = z.object({ caseId: id<CaseId>() });

/** Days are whole; the organization's maximum is checked with the organization. */
const durationDays = z.int().min(1, 'At least 1 day.').max(3_650, 'At most 3650 days.');

export const newShare = z
  .strictObject({
    method: z.enum(SHARE_METHODS),
    format: z.enum(ARCHIVE_FORMATS),
    scope: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('entire_case') }),
      z.strictObject({
        type: z.literal('selected'),
        evidenceIds: z
          .array(id<EvidenceId>())
          .min(1)
          .max(20_000, 'At most 20,000 files; share the entire case beyond that.')
          .describe('at most 20,000, which a request of 1 MB holds; share the entire case beyond'),
      }),
    ]),
    durationDays: durationDays.optional().describe("the organization's default if not given"),
    passphrase: z
      .string()
      .refine(...wellFormed)
      .normalize('NFC')
      .min(8, 'At least 8 characters.')
      .max(200, 'At most 200 characters.')
      .optional()
      .describe('asked for before the link opens; tell it to the recipient by another way'),
    downloadLimit: z.int().min(1).max(100_000).optional().describe('download sessions at most'),
    notifyOnFirstDownload: z.boolean().default(false),
  })
  .meta({ id: 'NewShare' });

export const shareChange = z.strictObject({ durationDays }).meta({ id: 'ShareChange' });

export const shareView = z
  .object({
    id: z.uuid(),
    method: z.enum(SHARE_METHODS),
    state: z.enum(LINK_STATES),
    caseId: z.uuid(),
    scope: z.union([
      z.object({ type: z.literal('entire_case') }),
      z.object({ type: z.literal('selected'), evidenceIds: z.array(z.uuid()) }),
    ]),
    format: z.enum(ARCHIVE_FORMATS).nullable(),
    durationDays: z.int(),
    passphrase: z.boolean().describe('whether one is asked for'),
    notifyOnFirstDownload: z.boolean(),
    createdAt: z.iso.datetime(),
    createdBy: z.object({ id: z.uuid(), name: z.string() }),
    expiresAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
    resharedFrom: z.uuid().nullable(),
    progress: z
      .object({ done: z.int(), total: z.int(), unit: z.literal('files') })
      .describe('files of the manifest that are verified'),
    package: z
      .object({ size: z.int(), etag: z.string() })
      .nullable()
      .describe('exact size in bytes and entity tag of the archive, once it is active'),
    downloads: z.object({
      sessions: z.int(),
      completed: z.int(),
      limit: z.int().nullable(),
    }),
    attention: z.string().nullable().describe('what keeps failing in the background, if anything'),
    link: z.url().optional().describe('only in the answer that made it'),
  })
  .meta({ id: 'Share' });
