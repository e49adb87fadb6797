import { z } from 'zod';
import { EVIDENCE_STATES } from '../../../domain/evidence/evidence.entity.ts';
import { LANGUAGES } from '../../../domain/identity/user.entity.ts';
import type { EvidenceId, PortalId, SubmissionId } from '../../../domain/ids.ts';
import { PORTAL_KINDS } from '../../../domain/portals/portal.entity.ts';
import { DECISIONS } from '../../../domain/portals/submissions/triage-rule.ts';
import { paging } from '../../paging.ts';
import { id } from '../../validation.ts';
import { shownMember } from '../portals/schema.ts';

export const submissionParams = z.object({ submissionId: id<SubmissionId>() });
export const fileParams = submissionParams.extend({ fileId: id<EvidenceId>() });

const SUBMISSION_STATES = ['triage_pending', 'triaged'] as const;

export const submissionFilters = z.strictObject({
  state: z
    .enum(SUBMISSION_STATES)
    .optional()
    .describe('triage_pending while a file waits for a decision'),
  portalId: id<PortalId>().optional(),
});
export const submissionQuery = submissionFilters.extend(paging);

const named = z.object({ id: z.uuid(), name: z.string() });

const submissionFile = z.object({
  id: z.uuid().describe('of the evidence'),
  evidenceNumber: z.string(),
  fileName: z.string(),
  contentType: z.string(),
  size: z.int(),
  sha256: z.string().nullable(),
  caption: z.string().nullable(),
  state: z.enum(EVIDENCE_STATES),
  decision: z.enum(DECISIONS).nullable(),
  decidedBy: named.nullable().describe('null where it was accepted by itself'),
  decidedAt: z.iso.datetime().nullable(),
});

/** A submission without what is known of who handed it in: also the answer of a decision. */
export const triagedSubmission = z
  .object({
    id: z.uuid(),
    state: z.enum(SUBMISSION_STATES),
    portal: z.object({
      id: z.uuid(),
      kind: z.enum(PORTAL_KINDS),
      title: z.string().nullable(),
      reportId: z.string().nullable().optional().describe('absent where the settings hide it'),
    }),
    inviteId: z.uuid(),
    evidenceOwner: named,
    autoAccepted: z.boolean(),
    acceptedTerms: z
      .object({
        language: z.enum(LANGUAGES),
        version: z.string(),
        acceptedAt: z.iso.datetime(),
      })
      .nullable(),
    submittedAt: z.iso.datetime(),
    files: z.array(submissionFile).describe('in the order in which they were sent'),
  })
  .meta({ id: 'TriagedSubmission' });

export const submissionView = triagedSubmission
  .extend({
    communityMember: shownMember
      .nullable()
      .describe('null where nothing is stored, it was erased, or contact information is not shown'),
  })
  .meta({ id: 'Submission' });
