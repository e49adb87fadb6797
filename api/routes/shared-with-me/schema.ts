import { z } from 'zod';
import type { EvidenceId, ShareId } from '../../../domain/ids.ts';
import { ACCESS_LEVELS } from '../../../domain/sharing/partner-access/partner-access.entity.ts';
import { id } from '../../validation.ts';
import { evidenceView, watermarkView } from '../evidence/schema.ts';

export const receivedShareParams = z.object({ shareId: id<ShareId>() });
export const receivedEvidenceParams = z.object({
  shareId: id<ShareId>(),
  evidenceId: id<EvidenceId>(),
});

export const receivedShareView = z
  .object({
    id: z.uuid(),
    from: z.object({ id: z.uuid(), slug: z.string(), name: z.string() }),
    sharedBy: z.object({ name: z.string() }),
    case: z.object({
      caseNumber: z.string(),
      title: z.string(),
      description: z.string().nullable(),
      tags: z.array(z.string()),
    }),
    access: z.enum(ACCESS_LEVELS),
    message: z.string().nullable(),
    evidenceCount: z.int().describe('what there is to see now'),
    sharedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable().describe('null where it lasts until it is revoked'),
  })
  .meta({ id: 'ReceivedShare' });

/**
 * Of the evidence what a copy without attachments would hold too. Notes and markers are attachments,
 * which partner access does not have; people, groups, other cases, classification, hold and deletion
 * are the source's own affair.
 */
export const receivedEvidenceView = evidenceView
  .pick({
    id: true,
    evidenceNumber: true,
    title: true,
    description: true,
    recordedAt: true,
    uploadedAt: true,
    tags: true,
    customMetadata: true,
    sensitiveContentWarning: true,
    source: true,
    location: true,
    gpsTrack: true,
    multicamGroup: true,
    fleet: true,
  })
  .extend({
    file: z.object({
      name: z.string(),
      contentType: z.string(),
      size: z.int(),
      sha256: z.string(),
    }),
    uploadedBy: z.object({ name: z.string() }),
    evidenceGroup: z.string().nullable(),
    categories: z.array(z.string()),
    preview: z
      .enum(['image', 'video', 'audio'])
      .nullable()
      .describe('how it can be shown in place; null where it can only be downloaded'),
    mayDownload: z.boolean(),
    watermark: watermarkView.nullable().describe('null where the partner has it from nobody else'),
  })
  .meta({ id: 'ReceivedEvidence' });
