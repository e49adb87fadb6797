import { z } from 'zod';
import { CASE_STATUSES } from '../../../domain/cases/case.entity.ts';
import { EVIDENCE_STATES } from '../../../domain/evidence/evidence.entity.ts';
import { RETENTION_POLICIES } from '../../../domain/identity/organization.entity.ts';
import type { CaseId, EvidenceId, UserId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id, line, principal, principalView, tags, text } from '../../validation.ts';
import { retentionFilters } from '../evidence/retention-filters.ts';
import { caseQuery, evidenceQuery } from './shared-filters.ts';

export const caseParams = z.object({ caseId: id<CaseId>() });
export const caseEvidenceParams = caseParams.extend({ evidenceId: id<EvidenceId>() });

const query = line(200)
  .optional()
  .describe('each of its words must occur, in any case and any place');

const wantedOfCases = {
  query: query.describe('words in number, title, description or tags'),
  status: z.enum(CASE_STATUSES).optional(),
};
export const caseFilters = caseQuery(wantedOfCases);
export const caseList = caseQuery({ ...wantedOfCases, ...paging });

const wantedOfEvidence = {
  query: query.describe('words in number, title, description, file name or tags'),
  status: z.enum(EVIDENCE_STATES).optional().describe('state of the evidence'),
  ...retentionFilters,
};
export const evidenceFilters = evidenceQuery(wantedOfEvidence);
export const evidenceList = evidenceQuery({ ...wantedOfEvidence, ...paging });

export const newCase = z
  .strictObject({
    caseNumber: line(100).describe('not unique: a duplicate is answered with a warning'),
    title: line(200),
    description: text(5_000).nullable().default(null),
    tags: tags.default([]),
    policeNumber: line(100).nullable().default(null),
    accused: line(200).nullable().default(null),
    courtNumber: line(100).nullable().default(null),
  })
  .meta({ id: 'NewCase' });

export const caseChange = z
  .strictObject({
    caseNumber: line(100),
    title: line(200),
    description: text(5_000).nullable(),
    tags,
    policeNumber: line(100).nullable(),
    accused: line(200).nullable(),
    courtNumber: line(100).nullable(),
    status: z.enum(CASE_STATUSES),
    retentionPolicy: z
      .enum(RETENTION_POLICIES)
      .describe('takes case.editRetention and the feature configurableCaseRetention'),
    ownerId: id<UserId>(),
    members: z
      .array(principal)
      .max(1_000)
      .describe('all members: who is left out is none any more'),
  })
  .partial()
  .meta({ id: 'CaseChange' });

export const caseView = z
  .object({
    id: z.uuid(),
    caseNumber: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    status: z.enum(CASE_STATUSES),
    tags: z.array(z.string()),
    policeNumber: z.string().nullable(),
    accused: z.string().nullable(),
    courtNumber: z.string().nullable(),
    owner: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
    members: z.array(principalView),
    retentionPolicy: z.enum(RETENTION_POLICIES),
    evidenceCount: z.int(),
    sharedWithOrganizations: z.int(),
    copiesOutOfDate: z.int(),
    receivedFrom: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    warnings: z.array(z.enum(['duplicate-case-number'])),
  })
  .meta({ id: 'Case' });
