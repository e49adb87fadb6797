import { defineEntity, p } from '@mikro-orm/core';
import type { InviteId, OrganizationId, PortalId, UserId } from '../../ids.ts';

/** How the link gets to the community member; `none`: whoever made the invite passes it on. */
export const DELIVERIES = ['email', 'sms', 'none'] as const;
export type Delivery = (typeof DELIVERIES)[number];

const InviteSchema = defineEntity({
  name: 'Invite',
  tableName: 'invites',
  properties: {
    id: p.uuid().$type<InviteId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    portalId: p.uuid().$type<PortalId>(),
    delivery: p.enum(DELIVERIES),
    language: p.enum(['en', 'es', 'fr']),
    /** Null for one that an external system or a visitor of a public portal asked for. */
    createdBy: p.uuid().$type<UserId>().nullable(),
    /** Which of its links is in force; earlier ones are superseded. */
    linkGeneration: p.integer(),
    expiresAt: p.datetime(),
    /** Counts invitations: each begins the reminders anew. */
    sending: p.integer(),
    /** When something was handed in; nothing more is taken since. */
    spentAt: p.datetime().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** One link for one community member to one portal. */
export class Invite extends InviteSchema.class {}
InviteSchema.setClass(Invite);
