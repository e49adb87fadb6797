import { z } from 'zod';
import { LANGUAGES } from '../../../domain/identity/user.entity.ts';
import type { RoleId, UserId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id, line, yesOrNo } from '../../validation.ts';

export const userParams = z.object({ userId: id<UserId>() });

export const userQuery = z.strictObject({
  ...paging,
  query: line(200).optional().describe('part of a name or an e-mail address'),
  disabled: yesOrNo.optional(),
});

const email = z.string().trim().max(254).pipe(z.email('Must be an e-mail address.'));
const roles = z
  .array(id<RoleId>())
  .max(50)
  .describe('ids of roles; what any of them grants, the user may do');

export const newUser = z
  .strictObject({
    email: email.describe('signs the user in; unique in this installation'),
    name: line(200),
    language: z.enum(LANGUAGES).default('en'),
    roles: roles.default([]),
  })
  .meta({ id: 'NewUser' });

export const userChange = z
  .strictObject({
    email,
    name: line(200),
    language: z.enum(LANGUAGES),
    roles,
    disabled: z.boolean().describe('false switches a disabled user on again'),
  })
  .partial()
  .meta({ id: 'UserChange' });

const reference = z.object({ id: z.uuid(), name: z.string() });

export const userView = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    language: z.enum(LANGUAGES),
    roles: z.array(reference),
    groups: z.array(reference),
    disabled: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'User' });
