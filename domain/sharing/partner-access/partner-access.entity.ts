import { defineEntity, p } from '@mikro-orm/core';
import type { OrganizationId, PartnerId, UserId } from '../../ids.ts';
import { Share } from '../share.entity.ts';

/** What recipients may do: see details and previews, or also have the original files. */
export const ACCESS_LEVELS = ['view', 'view_and_download'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

const PartnerAccessSchema = defineEntity({
  name: 'PartnerAccess',
  extends: Share,
  discriminatorValue: 'partner_access',
  properties: {
    partnerOrganizationId: p.uuid().$type<OrganizationId>(),
    /** The partnership that it was given under, and ends with. */
    partnershipId: p.uuid().$type<PartnerId>(),
    entireOrganization: p.boolean(),
    access: p.enum(ACCESS_LEVELS),
    message: p.text().nullable(),
    /** Null where the access lasts until it is revoked: for an entire organization. */
    durationDays: p.integer().nullable(),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
    revokedBy: p.uuid().$type<UserId>().nullable(),
    expiryNoticeFor: p.datetime().nullable(),
    expiryHandledFor: p.datetime().nullable(),
    /** When the administrators of an entire organization were told. */
    organizationInvitedAt: p.datetime().nullable(),
  },
});

/** A share by reference: recipients at a partner see the case where it is, for as long as they may. */
export class PartnerAccess extends PartnerAccessSchema.class {}
PartnerAccessSchema.setClass(PartnerAccess);
