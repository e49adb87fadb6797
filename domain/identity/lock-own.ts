import { type EntityName, type FilterQuery, LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { notFound } from '../errors.ts';
import type { OrganizationId } from '../ids.ts';
import type { Staff } from './staff.ts';

/** What belongs to one organization. */
interface Owned {
  readonly id: string;
  readonly organizationId: OrganizationId;
}

/**
 * Takes the lock of something that belongs to the user's organization.
 * @param what it is, in the words of the refusal
 * @throws DomainError `not-found`, also for another organization's
 */
export async function lockOwn<Entity extends Owned>(
  em: EntityManager,
  entity: EntityName<Entity>,
  staff: Staff,
  id: Entity['id'],
  what: string,
): Promise<Entity> {
  const found = await em.findOne(
    entity,
    { id, organizationId: staff.organization.id } as FilterQuery<Entity>,
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (found === null) throw notFound(what);
  return found;
}
