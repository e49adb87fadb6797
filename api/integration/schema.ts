import { z } from 'zod';
import type { PortalId } from '../../domain/ids.ts';
import { PORTAL_STATUSES } from '../../domain/portals/portal-state.ts';
import { communityMember } from '../community-member.ts';
import { id, line, text } from '../validation.ts';

export const portalParams = z.object({ portalId: id<PortalId>() });

const email = z.string().trim().max(254).pipe(z.email('Must be an e-mail address.'));
const categories = z.array(line(200)).max(50).describe('names or ids of retention categories');
const requestOwner = email.describe('of staff: who runs the portal');
const evidenceOwner = email.describe('of staff: whose the evidence becomes');
const sendInvite = z
  .boolean()
  .default(false)
  .describe('whether the link is sent, by e-mail where there is an address, else by text message');

export const newIncidentReport = z
  .strictObject({
    id: line(75).nullable().default(null).describe('your own id of the report; once for a client'),
    title: line(127).nullable().default(null),
    description: text(2_000).nullable().default(null),
    categories: categories.default([]),
    requestOwner: requestOwner.nullable().default(null),
    evidenceOwner: evidenceOwner.nullable().default(null),
    communityMember: communityMember.optional().describe('makes an invite, with its link'),
    sendInvite,
  })
  .refine(({ communityMember, sendInvite }) => communityMember !== undefined || !sendInvite, {
    path: ['communityMember'],
    message: 'It is required where an invite is to be sent.',
  })
  .meta({ id: 'NewIncidentReport' });

export const incidentReportChange = z
  .strictObject({
    title: line(127).nullable(),
    description: text(2_000).nullable(),
    categories,
    requestOwner,
    evidenceOwner,
    status: z.literal('closed').describe('closes it: nothing more is taken'),
  })
  .partial()
  .meta({ id: 'IncidentReportChange' });

export const newInviteLink = z
  .strictObject({ communityMember, sendInvite })
  .meta({ id: 'NewInviteLink' });

const inviteLink = z
  .string()
  .optional()
  .describe('opens the page for one submission; under an Idempotency-Key, gone once replaced');

export const createdReport = z
  .object({
    portalId: z.uuid(),
    status: z.enum(PORTAL_STATUSES),
    inviteId: z.uuid().optional(),
    inviteLink,
    expiresAt: z.iso.datetime().optional().describe('of the invite'),
  })
  .meta({ id: 'CreatedIncidentReport' });

export const createdInvite = z
  .object({ inviteId: z.uuid(), inviteLink, expiresAt: z.iso.datetime() })
  .meta({ id: 'CreatedInviteLink' });

export const incidentReportView = z
  .object({
    portalId: z.uuid(),
    status: z.enum(PORTAL_STATUSES),
    id: z.string().nullable().optional().describe('absent where the organization hides it'),
    title: z.string().nullable(),
    description: z.string().nullable().optional().describe('absent where it is hidden'),
    categories: z
      .array(z.object({ id: z.uuid(), name: z.string() }))
      .optional()
      .describe('absent where they are hidden'),
    requestOwner: z.string(),
    evidenceOwner: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'IncidentReport' });
