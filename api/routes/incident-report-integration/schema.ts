import { z } from 'zod';
import type { CategoryId, UserId } from '../../../domain/ids.ts';
import { id } from '../../validation.ts';

export const integrationSettings = z
  .strictObject({
    requestOwnerId: id<UserId>().describe('runs the portals of incident reports'),
    evidenceOwnerId: id<UserId>().describe('owns what is handed in through them'),
    notifyRequestOwnerOnPortal: z.boolean().default(false),
    notifyEvidenceOwnerOnSubmission: z.boolean().default(false),
    autoAccept: z
      .boolean()
      .default(false)
      .describe('submissions become active evidence without triage'),
    defaultCategoryId: id<CategoryId>()
      .nullable()
      .default(null)
      .describe('for evidence from portals without a category of their own'),
  })
  .meta({ id: 'NewIncidentReportIntegration' });

export const integrationView = z
  .object({
    requestOwnerId: z.uuid().nullable().describe('null until the integration is set up'),
    evidenceOwnerId: z.uuid().nullable(),
    notifyRequestOwnerOnPortal: z.boolean(),
    notifyEvidenceOwnerOnSubmission: z.boolean(),
    autoAccept: z.boolean(),
    defaultCategoryId: z.uuid().nullable(),
  })
  .meta({ id: 'IncidentReportIntegration' });
