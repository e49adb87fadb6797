import { defineEntity, p } from '@mikro-orm/core';
import { RETENTION_POLICIES } from '../identity/organization.entity.ts';
import type { CaseId, OrganizationId, UserId } from '../ids.ts';

export const CASE_STATUSES = ['open', 'closed'] as const;

const CaseSchema = defineEntity({
  name: 'Case',
  tableName: 'cases',
  properties: {
    id: p.uuid().$type<CaseId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    caseNumber: p.text(),
    title: p.text(),
    description: p.text().nullable(),
    status: p.enum(CASE_STATUSES),
    tags: p.array().$type<string[]>(),
    policeNumber: p.text().nullable(),
    accused: p.text().nullable(),
    courtNumber: p.text().nullable(),
    ownerId: p.uuid().$type<UserId>(),
    retentionPolicy: p.enum(RETENTION_POLICIES),
    receivedFrom: p.uuid().$type<OrganizationId>().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A case: its number is not unique, so two with the same one are a warning and no error. */
export class Case extends CaseSchema.class {}
CaseSchema.setClass(Case);
