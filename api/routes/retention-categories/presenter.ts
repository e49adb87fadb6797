import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CategoryId } from '../../../domain/ids.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import type { categoryQuery, categoryView } from './schema.ts';

type CategoryView = z.input<typeof categoryView>;

const CATEGORIES: ViewSql = {
  from: 'categories c',
  alias: 'c',
  view: /* sql */ `json_build_object(
    'id', c.id, 'name', c.name, 'retentionDays', c.retention_days,
    'createdAt', ${utc('c.created_at')}, 'updatedAt', ${utc('c.updated_at')})`,
};

/** @throws DomainError `not-found`, also for a category of another organization */
export async function readCategory(em: EntityManager, staff: Staff, categoryId: CategoryId) {
  const found = await readOne<CategoryView>(em, CATEGORIES, {
    sql: 'c.id = ? and c.organization_id = ?',
    values: [categoryId, staff.organization.id],
  });
  if (found === null) throw notFound('retention category');
  return found;
}

export async function listCategories(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof categoryQuery>,
) {
  return readPage<CategoryView>(
    em,
    CATEGORIES,
    { sql: 'c.organization_id = ?', values: [staff.organization.id] },
    asked,
  );
}
