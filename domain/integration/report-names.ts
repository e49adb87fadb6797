/** What external systems call by name: staff by e-mail address, categories by name or id. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, type Fault } from '../errors.ts';
import { type CategoryId, type OrganizationId, type UserId, UUID } from '../ids.ts';
import { uuids } from '../sql.ts';

/** The active user of the organization with this address; null where none is named, or it is a fault. */
export async function findOwner(
  em: EntityManager,
  organizationId: OrganizationId,
  email: string | null,
  pointer: string,
  faults: Fault[],
): Promise<UserId | null> {
  if (email === null) return null;
  const [found] = await em.execute<{ id: UserId }[]>(
    `select id from users
     where organization_id = ? and lower(email) = lower(?) and disabled_at is null`,
    [organizationId, email],
  );
  if (found !== undefined) return found.id;
  faults.push({
    pointer,
    detail: 'There is no active user with this e-mail address in this organization.',
  });
  return null;
}

/** The categories of the organization with these names or ids, each once. */
export async function findCategories(
  em: EntityManager,
  organizationId: OrganizationId,
  named: readonly string[],
  faults: Fault[],
): Promise<CategoryId[]> {
  const found = new Set<CategoryId>();
  for (const [index, name] of named.entries()) {
    const [category] = await em.execute<{ id: CategoryId }[]>(
      `select id from categories where organization_id = ? and (lower(name) = lower(?) or id = any(?::uuid[]))
       order by id = any(?::uuid[]) desc limit 1`,
      [organizationId, name, idIn(name), idIn(name)],
    );
    if (category !== undefined) found.add(category.id);
    else {
      faults.push({
        pointer: `/categories/${index}`,
        detail: 'There is no retention category with this name or id in this organization.',
      });
    }
  }
  return [...found];
}

function idIn(name: string): string {
  const id = name.toLowerCase();
  return uuids(UUID.test(id) ? [id] : []);
}

/** @throws DomainError `wrong-state` where one of the integration's owners was disabled */
export async function requireActiveOwners(
  em: EntityManager,
  owners: readonly UserId[],
): Promise<void> {
  const disabled = await em.execute<unknown[]>(
    'select 1 from users where id = any(?::uuid[]) and disabled_at is not null',
    [uuids(new Set(owners))],
  );
  if (disabled.length === 0) return;
  throw new DomainError(
    'wrong-state',
    'An owner that the incident-report integration names is disabled. An administrator has to name another in its settings, or name owners in the request.',
  );
}
