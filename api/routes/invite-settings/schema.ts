import { z } from 'zod';
import { CONTACT_FIELDS, FIELD_RULES } from '../../../domain/portals/invite-settings.ts';

const rule = z.enum(FIELD_RULES);
const REQUIRABLE = CONTACT_FIELDS.filter((field) => field !== 'date_of_birth');

const contactInfo = z.strictObject({
  store: z
    .boolean()
    .describe(
      'Without it nothing is taken but the address that a link is sent to, kept sealed until the link is used or has expired.',
    ),
  required: z
    .array(z.enum(REQUIRABLE, 'One of these; date of birth has a rule of its own.'))
    .transform((fields) => REQUIRABLE.filter((field) => fields.includes(field)))
    .describe('where contact information is stored; the others may be left out'),
  dateOfBirth: rule.describe('hidden: not asked, refused, and shown nowhere, stored before or not'),
});

export const individualSettings = z
  .strictObject({
    incidentInfo: z
      .strictObject({ id: rule, categories: rule, description: rule })
      .describe('of a portal, checked when it is made and changed'),
    contactInfo,
    autoAccept: z.boolean().describe('what is handed in needs no triage'),
    reminders: z
      .boolean()
      .describe('2 and 5 days after sending and 1 day before expiry; not in every region'),
  })
  .meta({ id: 'IndividualInviteSettings' });

export const publicSettings = z
  .strictObject({ contactInfo, autoAccept: z.boolean() })
  .meta({ id: 'PublicPortalSettings' });
