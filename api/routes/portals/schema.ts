import { z } from 'zod';
import { LANGUAGES } from '../../../domain/identity/user.entity.ts';
import type { CaseId, CategoryId, InviteId, PortalId, UserId } from '../../../domain/ids.ts';
import { DELIVERIES } from '../../../domain/portals/invites/invite.entity.ts';
import { PORTAL_KINDS } from '../../../domain/portals/portal.entity.ts';
import { INVITE_STATUSES, PORTAL_STATUSES } from '../../../domain/portals/portal-state.ts';
import { communityMember } from '../../community-member.ts';
import { paging } from '../../paging.ts';
import { id, line, text } from '../../validation.ts';

export const portalParams = z.object({ portalId: id<PortalId>() });
export const inviteParams = z.object({ inviteId: id<InviteId>() });

const title = line(127).nullable();
const description = text(2_000)
  .transform((words) => words.trim() || null)
  .nullable();
const categoryIds = z
  .array(id<CategoryId>())
  .max(50)
  .describe('retention categories of what comes in');
const durationDays = z
  .int()
  .min(1)
  .max(3_650)
  .nullable()
  .describe('from now; null: it stays open until it is closed');
const slug = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'Must be lower-case letters, digits and hyphens, 63 at most, a letter or digit first and last.',
  );

const fields = {
  caseId: id<CaseId>().nullable().default(null).describe('what is accepted comes into it'),
  reportId: line(75).nullable().default(null).describe('ID of the report or incident'),
  title: title.default(null),
  description: description.default(null),
  categoryIds: categoryIds.default([]),
  ownerId: id<UserId>().nullable().default(null).describe('who runs it; you if not given'),
  evidenceOwnerId: id<UserId>()
    .nullable()
    .default(null)
    .describe('whose the evidence becomes; the owner if not given'),
  durationDays: durationDays.default(null),
};

export const newPortal = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('individual'), ...fields }),
    z.strictObject({
      kind: z.literal('public'),
      slug: slug.describe('of its address, unique in the organization'),
      ...fields,
    }),
  ])
  .meta({ id: 'NewPortal' });

export const portalChange = z
  .strictObject({
    title,
    description,
    categoryIds,
    ownerId: id<UserId>(),
    evidenceOwnerId: id<UserId>(),
    durationDays,
  })
  .partial()
  .meta({ id: 'PortalChange' });

export const portalQuery = z.strictObject({
  ...paging,
  status: z.enum(PORTAL_STATUSES).optional(),
  kind: z.enum(PORTAL_KINDS).optional(),
  query: line(200).optional().describe('words of ID, title, description or slug'),
});

const named = z.object({ id: z.uuid(), name: z.string() });

export const portalView = z
  .object({
    id: z.uuid(),
    kind: z.enum(PORTAL_KINDS),
    status: z.enum(PORTAL_STATUSES).describe('by PostgreSQL’s clock'),
    caseId: z.uuid().nullable(),
    reportId: z.string().nullable().optional().describe('absent where the settings hide it'),
    title: z.string().nullable(),
    description: z.string().nullable().optional().describe('absent where the settings hide it'),
    categories: z.array(named).optional().describe('absent where the settings hide them'),
    slug: z.string().nullable(),
    url: z.string().nullable().describe('of the page of a public portal'),
    owner: named,
    evidenceOwner: named,
    apiClient: named.nullable().describe('the external system that made it'),
    inviteCount: z.int(),
    submissionCount: z.int(),
    pendingFiles: z.int().describe('files that wait to be accepted or declined'),
    expiresAt: z.iso.datetime().nullable(),
    closedAt: z.iso.datetime().nullable(),
    seenAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Portal' });

export const newInvite = z
  .strictObject({
    communityMember: communityMember
      .nullable()
      .default(null)
      .describe('whom it is for; may be left out where the link is not sent'),
    delivery: z.enum(DELIVERIES).describe('how the link gets there; none: you pass it on'),
  })
  .meta({ id: 'NewInvite' });

export const madeInvite = z
  .object({
    id: z.uuid(),
    link: z.string().optional().describe('only here; not again once it was replaced'),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'MadeInvite' });

export const inviteQuery = z.strictObject({
  ...paging,
  status: z.enum(INVITE_STATUSES).optional(),
});

/** A community member as it is shown: what the settings hide is absent. */
export const shownMember = z
  .object({
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    dateOfBirth: z.string().nullable(),
    language: z.enum(LANGUAGES),
  })
  .partial()
  .meta({ id: 'ShownCommunityMember' });

export const inviteView = z
  .object({
    id: z.uuid(),
    portalId: z.uuid(),
    status: z.enum(INVITE_STATUSES).describe('by PostgreSQL’s clock'),
    delivery: z.enum(DELIVERIES),
    language: z.enum(LANGUAGES),
    communityMember: shownMember
      .nullable()
      .describe('null where nothing is stored, or contact information is not shown'),
    expiresAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable().describe('when the link was sent last'),
    submittedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Invite' });
