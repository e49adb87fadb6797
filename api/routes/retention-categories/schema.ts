import { z } from 'zod';
import type { CategoryId } from '../../../domain/ids.ts';
import { paging } from '../../paging.ts';
import { id, line } from '../../validation.ts';

export const categoryParams = z.object({ categoryId: id<CategoryId>() });

export const categoryQuery = z.strictObject(paging);

const retentionDays = z
  .int()
  .min(1)
  .max(36_500)
  .nullable()
  .describe('null: until manually deleted');

export const newCategory = z
  .strictObject({ name: line(200), retentionDays: retentionDays.default(null) })
  .meta({ id: 'NewRetentionCategory' });

export const categoryChange = z
  .strictObject({ name: line(200), retentionDays })
  .partial()
  .meta({ id: 'RetentionCategoryChange' });

export const categoryView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    retentionDays: z.int().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'RetentionCategory' });
