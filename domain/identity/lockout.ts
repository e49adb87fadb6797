import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError } from '../errors.ts';
import type { OrganizationId } from '../ids.ts';
import { Organization } from './organization.entity.ts';

/**
 * Takes the lock under which an organization's administrators are changed one act after the other, so
 * that two of them cannot each remove the other.
 */
export async function lockAdministration(em: EntityManager, id: OrganizationId): Promise<void> {
  await em.findOneOrFail(Organization, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/**
 * Refuses a change after which nobody could administer users; call it when the change is made, in the
 * transaction that it is to be undone with.
 * @throws DomainError `in-use`
 */
export async function keepAnAdministrator(em: EntityManager, id: OrganizationId): Promise<void> {
  await em.flush();
  const left = await em.execute<unknown[]>(
    `select 1 from users u join user_roles ur on ur.user_id = u.id join roles r on r.id = ur.role_id
     where u.organization_id = ? and u.disabled_at is null and r.permissions->>'admin.users' = 'any'
     limit 1`,
    [id],
  );
  if (left.length > 0) return;
  throw new DomainError(
    'in-use',
    'Nobody would be left who may administer users. Give admin.users to somebody else first.',
  );
}
