import { defineEntity, p } from '@mikro-orm/core';
import type { OrganizationId, PartnerId } from '../ids.ts';

export const PARTNER_STATES = ['invited', 'active', 'ended'] as const;

const PartnerSchema = defineEntity({
  name: 'Partner',
  tableName: 'partners',
  properties: {
    id: p.uuid().$type<PartnerId>().primary(),
    inviterId: p.uuid().$type<OrganizationId>(),
    inviteeId: p.uuid().$type<OrganizationId>(),
    state: p.enum(PARTNER_STATES),
    inviterMaySend: p.boolean(),
    inviterMayReceive: p.boolean(),
    inviteeMaySend: p.boolean(),
    inviteeMayReceive: p.boolean(),
    invitedAt: p.datetime(),
    acceptedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
});

/** Trust between two organizations; each side sets its own two directions. */
export class Partner extends PartnerSchema.class {}
PartnerSchema.setClass(Partner);
