import { defineEntity, p } from '@mikro-orm/core';
import type { ApiClientId, CaseId, OrganizationId, PortalId, UserId } from '../ids.ts';

/** For one community member; a page under a slug; made by an external system's API client. */
export const PORTAL_KINDS = ['individual', 'public', 'incident_report'] as const;
export type PortalKind = (typeof PORTAL_KINDS)[number];

const PortalSchema = defineEntity({
  name: 'Portal',
  tableName: 'portals',
  properties: {
    id: p.uuid().$type<PortalId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    kind: p.enum(PORTAL_KINDS),
    caseId: p.uuid().$type<CaseId>().nullable(),
    /** The report's or incident's own id; for an external system, its client's and unique there. */
    reportId: p.text().nullable(),
    /** Who made it, where that is an external system. */
    apiClientId: p.uuid().$type<ApiClientId>().nullable(),
    title: p.text().nullable(),
    description: p.text().nullable(),
    /** The address of a public portal's page, unique in its organization. */
    slug: p.text().nullable(),
    /** Who runs it: the request owner of an incident report. */
    ownerId: p.uuid().$type<UserId>(),
    /** Whose the evidence becomes. */
    evidenceOwnerId: p.uuid().$type<UserId>(),
    /** Who made it, where that is a member of staff. */
    createdBy: p.uuid().$type<UserId>().nullable(),
    /** Null where it stays open until it is closed. */
    expiresAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
    /** When somebody last marked its submissions as seen. */
    seenAt: p.datetime().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Where community members hand in evidence. */
export class Portal extends PortalSchema.class {}
PortalSchema.setClass(Portal);
