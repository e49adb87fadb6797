import { z } from 'zod';
import { LANGUAGES } from '../../../domain/identity/user.entity.ts';
import type { TrustedUserId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id, line, yesOrNo } from '../../validation.ts';

export const trustedUserParams = z.object({ trustedUserId: id<TrustedUserId>() });

export const trustedUserQuery = z.strictObject({
  ...paging,
  query: line(200).optional().describe('words of the address or the name'),
});

export const removal = z.strictObject({
  closeRequests: yesOrNo.default(false).describe('close its open requests with it'),
});

export const newTrustedUser = z
  .strictObject({
    email: z
      .string()
      .trim()
      .max(254)
      .pipe(z.email('Must be an e-mail address.'))
      .describe('kept in lower case; one of an organization'),
    name: line(200).nullable().default(null),
    language: z.enum(LANGUAGES).default('en').describe('of the mails to it'),
  })
  .meta({ id: 'NewTrustedUser' });

export const trustedUserView = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string().nullable(),
    language: z.enum(LANGUAGES),
    openRequests: z.int(),
    addedAt: z.iso.datetime(),
  })
  .meta({ id: 'TrustedUser' });
