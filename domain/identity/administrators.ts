import type { Act } from '../act.ts';
import { notFound } from '../errors.ts';
import { Organization } from './organization.entity.ts';
import { Role, type User } from './user.entity.ts';
import { addUser } from './users.ts';

/** The name of the built-in role that may do everything. */
const ADMINISTRATOR = 'administrator';

/**
 * Creates an administrator of an organization: an act of the operator, for the first one above all.
 * @throws DomainError `not-found` without such an organization, `already-exists` where the address is
 *   taken in this installation
 */
export async function createAdministrator(
  act: Act,
  slug: string,
  fields: Pick<User, 'email' | 'name' | 'language'>,
): Promise<User> {
  const organization = await act.em.findOne(Organization, { slug });
  if (organization === null) throw notFound('organization');
  const role = await act.em.findOneOrFail(Role, {
    organizationId: organization.id,
    name: ADMINISTRATOR,
    builtIn: true,
  });
  return addUser(act, organization.id, { ...fields, roles: [role.id] });
}

/** SQL over a user called `u`: it administers its organization. */
export const ADMINISTERS = /* sql */ `exists (select from user_roles ur join roles role on role.id = ur.role_id
  where ur.user_id = u.id and role.permissions ->> 'admin.organization' = 'any')`;
