import { defineEntity, p } from '@mikro-orm/core';
import type { CategoryId, OrganizationId } from '../ids.ts';

const CategorySchema = defineEntity({
  name: 'Category',
  tableName: 'categories',
  properties: {
    id: p.uuid().$type<CategoryId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    name: p.text(),
    retentionDays: p.integer().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A retention category: how many days its evidence is kept; null: until manually deleted. */
export class Category extends CategorySchema.class {}
CategorySchema.setClass(Category);
