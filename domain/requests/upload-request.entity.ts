import { defineEntity, p } from '@mikro-orm/core';
import type { CaseId, OrganizationId, TrustedUserId, UploadRequestId, UserId } from '../ids.ts';

/** What of the case a request may tell its trusted user. */
export const REQUEST_FIELDS = ['police_number', 'accused', 'court_number'] as const;
export type RequestField = (typeof REQUEST_FIELDS)[number];

const UploadRequestSchema = defineEntity({
  name: 'UploadRequest',
  tableName: 'upload_requests',
  properties: {
    id: p.uuid().$type<UploadRequestId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    caseId: p.uuid().$type<CaseId>(),
    trustedUserId: p.uuid().$type<TrustedUserId>(),
    senderId: p.uuid().$type<UserId>(),
    /** The request that this one asks for more than. */
    earlierRequestId: p.uuid().$type<UploadRequestId>().nullable(),
    fields: p.array().$type<RequestField[]>(),
    note: p.text().nullable(),
    /** Which of its links is in force; earlier ones are superseded. */
    linkGeneration: p.integer(),
    expiresAt: p.datetime(),
    /** Counts invitations: each begins the reminders anew. */
    sending: p.integer(),
    closedAt: p.datetime().nullable(),
    closedBy: p.uuid().$type<UserId>().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** One request to one trusted user for evidence of one case. */
export class UploadRequest extends UploadRequestSchema.class {}
UploadRequestSchema.setClass(UploadRequest);
