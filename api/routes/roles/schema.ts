import { z } from 'zod';
import { type Grants, LEVELS, PERMISSIONS } from '../../../domain/identity/permissions.ts';
import type { RoleId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id, line } from '../../validation.ts';

export const roleParams = z.object({ roleId: id<RoleId>() });

export const roleQuery = z.strictObject(paging);

const level = z.enum(LEVELS);
const levels = z.strictObject(
  Object.fromEntries(PERMISSIONS.map((permission) => [permission, level.optional()])),
);

const permissions = levels
  .transform(
    (given): Grants =>
      Object.fromEntries(
        Object.entries(given).filter(([, granted]) => granted !== undefined && granted !== 'none'),
      ),
  )
  .describe('what is not named is `none`; `own` reaches what the user owns or is a member of');

export const newRole = z.strictObject({ name: line(100), permissions }).meta({ id: 'NewRole' });

export const roleChange = z
  .strictObject({
    name: line(100),
    permissions: permissions.describe('all that it grants from now on'),
  })
  .partial()
  .meta({ id: 'RoleChange' });

export const roleView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    builtIn: z.boolean().describe('such a role can be changed, but neither renamed nor deleted'),
    permissions: z.record(z.enum(PERMISSIONS), level),
    userCount: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Role' });
