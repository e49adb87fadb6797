import { defineEntity, p } from '@mikro-orm/core';
import type { CategoryId, OrganizationId, UserId } from '../ids.ts';

const IncidentReportIntegrationSchema = defineEntity({
  name: 'IncidentReportIntegration',
  tableName: 'incident_report_integrations',
  properties: {
    organizationId: p.uuid().$type<OrganizationId>().primary(),
    requestOwnerId: p.uuid().$type<UserId>(),
    evidenceOwnerId: p.uuid().$type<UserId>(),
    notifyRequestOwnerOnPortal: p.boolean(),
    notifyEvidenceOwnerOnSubmission: p.boolean(),
    autoAccept: p.boolean(),
    defaultCategoryId: p.uuid().$type<CategoryId>().nullable(),
    version: p.integer().version(),
    updatedAt: p.datetime(),
  },
});

/** What an organization sets for incident reports; there is none until its owners are named. */
export class IncidentReportIntegration extends IncidentReportIntegrationSchema.class {}
IncidentReportIntegrationSchema.setClass(IncidentReportIntegration);
