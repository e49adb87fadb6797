import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, named } from '../change.ts';
import { DomainError } from '../errors.ts';
import { lockOwn } from '../identity/lock-own.ts';
import { requirePermissions, type Staff } from '../identity/staff.ts';
import { type CategoryId, newId } from '../ids.ts';
import { flushUnique } from '../unique.ts';
import { Category } from './category.entity.ts';
import { requestRecalculation } from './recalculation-requests.ts';

/** What an administrator sets of a retention category. */
export interface CategoryFields {
  name: string;
  /** Null: until manually deleted. */
  retentionDays: number | null;
}

const NAME_TAKEN = 'A retention category with this name exists already.';

/** @throws DomainError `already-exists` where the name is taken */
export async function createCategory(
  act: Act,
  staff: Staff,
  fields: CategoryFields,
): Promise<Category> {
  requirePermissions(staff, ['admin.organization'], false);
  const now = new Date();
  const created = act.em.create(Category, {
    ...fields,
    id: newId<CategoryId>(),
    organizationId: staff.organization.id,
    createdAt: now,
    updatedAt: now,
  });
  await flushUnique(act.em, NAME_TAKEN);
  act.audit({
    organizationId: staff.organization.id,
    action: 'category.created',
    objects: [created.id],
    data: { retentionDays: created.retentionDays },
  });
  return created;
}

/** Changes a category, for the evidence that has it already too. */
export async function changeCategory(
  act: Act,
  staff: Staff,
  categoryId: CategoryId,
  change: Change<CategoryFields>,
  check: (version: number) => void,
): Promise<Category> {
  const found = await lockCategory(act.em, staff, categoryId);
  check(found.version);
  const fields = named(change);
  if (Object.keys(fields).length === 0) return found;
  const before = found.retentionDays ?? null;
  act.em.assign(found, { ...fields, updatedAt: new Date() });
  await flushUnique(act.em, NAME_TAKEN);
  if ((found.retentionDays ?? null) !== before) {
    await requestRecalculation(act, found.organizationId, found.id);
  }
  act.audit({
    organizationId: staff.organization.id,
    action: 'category.changed',
    objects: [found.id],
    data: { fields: Object.keys(fields).sort(), retentionDays: found.retentionDays },
  });
  return found;
}

/** @throws DomainError `in-use` while evidence has the category, or a portal or the integration gives it */
export async function deleteCategory(
  act: Act,
  staff: Staff,
  categoryId: CategoryId,
  check: (version: number) => void,
): Promise<void> {
  const found = await lockCategory(act.em, staff, categoryId);
  check(found.version);
  const [uses] = await act.em.execute<{ evidence: boolean; community: boolean }[]>(
    `select exists (select from evidence_categories where category_id = ?) as evidence,
       exists (select from portal_categories where category_id = ?) or exists (
         select from incident_report_integrations where default_category_id = ?) as community`,
    [categoryId, categoryId, categoryId],
  );
  if (uses?.evidence === true) {
    throw new DomainError('in-use', 'Evidence has this category. Take it off the evidence first.');
  }
  if (uses?.community === true) {
    throw new DomainError(
      'in-use',
      'A portal or the incident-report integration gives this category to evidence. Choose another there first.',
    );
  }
  act.em.remove(found);
  act.audit({
    organizationId: staff.organization.id,
    action: 'category.deleted',
    objects: [found.id],
  });
}

async function lockCategory(
  em: EntityManager,
  staff: Staff,
  categoryId: CategoryId,
): Promise<Category> {
  requirePermissions(staff, ['admin.organization'], false);
  return lockOwn(em, Category, staff, categoryId, 'retention category');
}
