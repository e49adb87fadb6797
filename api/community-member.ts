/** What a request says of a community member. Which fields are taken, the organization's settings decide. */
import { z } from 'zod';
import { LANGUAGES } from '../domain/identity/user.entity.ts';
import { line } from './validation.ts';

const emailAddress = z.string().trim().max(254).pipe(z.email('Must be an e-mail address.'));

/** ITU-T E.164: a plus sign, a country code and up to 15 digits; written as people write it. */
const phoneNumber = z
  .string()
  .transform((value) => value.replaceAll(/[\s().\-/]/g, ''))
  .pipe(
    z
      .string()
      .regex(
        /^\+[1-9]\d{6,14}$/,
        'Must be a phone number with its country code, such as +1 555 0100 200.',
      ),
  );

const FIRST_YEAR = 1900;

const birthday = z.iso
  .date('Must be a date such as 1990-01-31.')
  .refine(
    (value) => Number(value.slice(0, 4)) >= FIRST_YEAR && new Date(value) <= new Date(),
    'Must be a day in the past, not before 1900.',
  );

/** Contact information: every field may be left out here, and null is the same as leaving it out. */
export const contactFields = {
  firstName: line(100).nullish(),
  lastName: line(100).nullish(),
  email: emailAddress.nullish(),
  phone: phoneNumber.nullish().describe('in E.164; spaces, hyphens and brackets are left out'),
  dateOfBirth: birthday.nullish(),
};

/** A community member whom something is sent to. */
export const communityMember = z
  .strictObject({
    ...contactFields,
    language: z
      .enum(LANGUAGES)
      .optional()
      .describe('that it is written to in; English if not given'),
  })
  .meta({ id: 'CommunityMember' });
