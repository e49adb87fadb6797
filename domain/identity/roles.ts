import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, named } from '../change.ts';
import { DomainError } from '../errors.ts';
import { newId, type RoleId } from '../ids.ts';
import { flushUnique } from '../unique.ts';
import { lockOwn } from './lock-own.ts';
import { keepAnAdministrator, lockAdministration } from './lockout.ts';
import type { Grants } from './permissions.ts';
import { requirePermissions, type Staff } from './staff.ts';
import { Role } from './user.entity.ts';

/** What an administrator sets of a role. */
export interface RoleFields {
  name: string;
  permissions: Grants;
}

const NAME_TAKEN = 'A role with this name exists already.';

/** @throws DomainError `already-exists` where the name is taken */
export async function createRole(act: Act, staff: Staff, fields: RoleFields): Promise<Role> {
  requirePermissions(staff, ['admin.users'], false);
  const now = new Date();
  const created = act.em.create(Role, {
    ...fields,
    id: newId<RoleId>(),
    organizationId: staff.organization.id,
    builtIn: false,
    createdAt: now,
    updatedAt: now,
  });
  await flushUnique(act.em, NAME_TAKEN);
  act.audit({
    organizationId: staff.organization.id,
    action: 'role.created',
    objects: [created.id],
    data: { name: created.name, permissions: created.permissions },
  });
  return created;
}

/**
 * Changes a role; what it grants changes for everybody who has it, with their next request.
 * @throws DomainError `wrong-state` for the name of a built-in role, `in-use` where nobody would be
 *   left to administer users
 */
export async function changeRole(
  act: Act,
  staff: Staff,
  roleId: RoleId,
  change: Change<RoleFields>,
  check: (version: number) => void,
): Promise<Role> {
  const found = await lockRole(act.em, staff, roleId);
  check(found.version);
  const fields = named(change);
  if (found.builtIn && fields.name !== undefined && fields.name !== found.name) {
    throw new DomainError('wrong-state', 'A built-in role keeps its name. Create a role instead.');
  }
  if (Object.keys(fields).length === 0) return found;
  act.em.assign(found, { ...fields, updatedAt: new Date() }, { mergeObjectProperties: false });
  await flushUnique(act.em, NAME_TAKEN);
  await keepAnAdministrator(act.em, staff.organization.id);
  act.audit({
    organizationId: staff.organization.id,
    action: 'role.changed',
    objects: [found.id],
    data: { fields: Object.keys(fields).sort(), permissions: found.permissions },
  });
  return found;
}

/** @throws DomainError `wrong-state` for a built-in role, `in-use` while users have it */
export async function deleteRole(
  act: Act,
  staff: Staff,
  roleId: RoleId,
  check: (version: number) => void,
): Promise<void> {
  const found = await lockRole(act.em, staff, roleId);
  check(found.version);
  if (found.builtIn) {
    throw new DomainError('wrong-state', 'A built-in role cannot be deleted. It can be changed.');
  }
  const users = await act.em.execute<unknown[]>(
    `select 1 from user_roles where role_id = ? limit 1`,
    [roleId],
  );
  if (users.length > 0) {
    throw new DomainError('in-use', 'Users have this role. Take it from them first.');
  }
  act.em.remove(found);
  act.audit({
    organizationId: staff.organization.id,
    action: 'role.deleted',
    objects: [found.id],
    data: { name: found.name },
  });
}

async function lockRole(em: EntityManager, staff: Staff, roleId: RoleId): Promise<Role> {
  requirePermissions(staff, ['admin.users'], false);
  await lockAdministration(em, staff.organization.id);
  return lockOwn(em, Role, staff, roleId, 'role');
}
