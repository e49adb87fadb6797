import { z } from 'zod';
import type { CaseId, EvidenceId, ShareId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id } from '../../validation.ts';

export const caseParams = z.object({ caseId: id<CaseId>() });
export const evidenceParams = z.object({ evidenceId: id<EvidenceId>() });

export const shareParams = z.object({ shareId: id<ShareId>() });

export const auditQuery = z.strictObject(paging);

export const auditEventView = z
  .object({
    id: z.uuid(),
    sequence: z.int().describe('in the chain of the organization; gapless there'),
    at: z.iso.datetime(),
    actor: z.object({
      kind: z.enum(['user', 'link_session', 'api_client', 'lifecycle', 'operator']),
      id: z.string().nullable(),
      name: z
        .string()
        .nullable()
        .describe(
          'as it is now; null for people of another organization and for holders of a link',
        ),
      organization: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    }),
    onBehalfOf: z.string().nullable(),
    action: z.string(),
    objects: z.array(z.string()),
    outcome: z.enum(['done', 'refused', 'failed']),
    reason: z.string().nullable(),
    confidential: z.boolean(),
    sourceAddress: z.string().nullable().describe('null where it was never known, or was erased'),
    data: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });
