import { z } from 'zod';
import { ORGANIZATION_KINDS } from '../../../domain/identity/organization.entity.ts';
import { PARTNER_STATES } from '../../../domain/identity/partner.entity.ts';
import type { PartnerId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id, line } from '../../validation.ts';

export const partnerParams = z.object({ partnerId: id<PartnerId>() });

export const partnerQuery = z.strictObject({
  ...paging,
  state: z.enum(PARTNER_STATES).optional(),
});

export const recipientQuery = z.strictObject({
  ...paging,
  query: line(200).optional().describe('words in name or e-mail address'),
});

export const recipientView = z
  .object({
    type: z.enum(['user', 'group']),
    id: z.uuid(),
    name: z.string(),
    email: z.string().nullable().describe('null for groups'),
  })
  .meta({ id: 'PartnerRecipient' });

const directions = {
  maySendTo: z.boolean().describe('whether we may send to them'),
  mayReceiveFrom: z.boolean().describe('whether we may receive from them'),
};

export const newPartner = z
  .strictObject({ organizationSlug: line(63), ...directions })
  .meta({ id: 'NewPartner' });

export const ownDirections = z.strictObject(directions).meta({ id: 'PartnerDirections' });

export const partnerChange = z
  .strictObject(directions)
  .partial()
  .meta({ id: 'PartnerChange', description: 'The other side’s two directions are its own.' });

export const partnerView = z
  .object({
    id: z.uuid(),
    organization: z.object({
      id: z.uuid(),
      slug: z.string(),
      name: z.string(),
      kind: z.enum(ORGANIZATION_KINDS),
    }),
    state: z.enum(PARTNER_STATES),
    invitedByUs: z.boolean(),
    maySendTo: z.boolean(),
    mayReceiveFrom: z.boolean(),
    theyMaySendToUs: z.boolean(),
    theyMayReceiveFromUs: z.boolean(),
    invitedAt: z.iso.datetime(),
    acceptedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Partner' });
