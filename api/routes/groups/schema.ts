import { z } from 'zod';
import type { GroupId, UserId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id, line } from '../../validation.ts';

export const groupParams = z.object({ groupId: id<GroupId>() });

export const groupQuery = z.strictObject({
  ...paging,
  query: line(200).optional().describe('part of a name'),
});

const members = z.array(id<UserId>()).max(1_000).describe('ids of users');

export const newGroup = z
  .strictObject({ name: line(200), members: members.default([]) })
  .meta({ id: 'NewGroup' });

export const groupChange = z
  .strictObject({ name: line(200), members: members.describe('all members from now on') })
  .partial()
  .meta({ id: 'GroupChange' });

export const groupView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    members: z.array(z.object({ id: z.uuid(), name: z.string(), email: z.string() })),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Group' });
