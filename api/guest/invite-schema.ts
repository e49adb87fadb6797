import { z } from 'zod';
import { LANGUAGES } from '../../domain/identity/user.entity.ts';
import type { InviteId } from '../../domain/ids.ts';
import { contactFields } from '../community-member.ts';
import { id, line } from '../validation.ts';
import { newGuestUpload, sendingFacts } from './schema.ts';

export const inviteParams = z.object({ inviteId: id<InviteId>() });

/** Characters of what is said of one file. */
export const CAPTION_LENGTH = 500;

/** What a community member says of a file before it sends it. */
export const newInviteUpload = newGuestUpload
  .extend({ caption: line(CAPTION_LENGTH).nullable().default(null) })
  .meta({ id: 'NewInviteUpload' });

const CONTACT = ['firstName', 'lastName', 'email', 'phone', 'dateOfBirth'] as const;

/** What an invite tells the community member: what is collected, what is asked, and what was sent. */
export const inviteFacts = sendingFacts
  .extend({
    id: z.uuid(),
    organization: z.object({ name: z.string(), timeZone: z.string() }),
    portal: z.object({
      title: z.string().nullable(),
      description: z.string().nullable(),
      reportId: z.string().nullable(),
    }),
    limits: sendingFacts.shape.limits.extend({
      total: z.int().describe('bytes that all files together may have'),
      captionLength: z.int().describe('characters of what may be said of a file'),
    }),
    contact: z
      .array(
        z.object({
          field: z.enum(CONTACT),
          required: z.boolean(),
          known: z.boolean().describe('it is on file already and need not be given again'),
        }),
      )
      .describe('what is asked of the community member; a hidden field is absent'),
    terms: z
      .object({ language: z.enum(LANGUAGES), text: z.string(), version: z.string() })
      .nullable()
      .describe('to be accepted before anything is handed in'),
  })
  .meta({ id: 'InviteFacts' });

/** Handing in. */
export const newSubmission = z
  .strictObject({
    communityMember: z.strictObject(contactFields).default({}),
    acceptedTerms: z
      .union([z.boolean(), z.string().max(64)])
      .default(false)
      .describe(
        'true, or the `version` of the terms that were read: then later ones are not accepted',
      ),
  })
  .meta({ id: 'NewSubmission' });

/** What somebody who handed something in may keep. */
export const receiptView = z
  .object({
    id: z.uuid(),
    submittedAt: z.iso.datetime(),
    files: z.array(
      z.object({
        id: z.uuid(),
        fileName: z.string(),
        size: z.int(),
        sha256: z.string().describe('computed by us when the file was read back'),
        caption: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'SubmissionReceipt' });
