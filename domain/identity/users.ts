import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, named } from '../change.ts';
import { newId, type OrganizationId, type RoleId, type UserId } from '../ids.ts';
import { requireKnown } from '../require-known.ts';
import { uuids } from '../sql.ts';
import { flushUnique } from '../unique.ts';
import { lockOwn } from './lock-own.ts';
import { keepAnAdministrator, lockAdministration } from './lockout.ts';
import { requirePermissions, type Staff } from './staff.ts';
import { type Language, User } from './user.entity.ts';

/** What an administrator sets of a user. */
export interface UserFields {
  email: string;
  name: string;
  language: Language;
  roles: readonly RoleId[];
}

/** @throws DomainError `already-exists` where the address is taken in this installation */
export async function createUser(act: Act, staff: Staff, fields: UserFields): Promise<User> {
  requirePermissions(staff, ['admin.users'], false);
  return addUser(act, staff.organization.id, fields);
}

/** Adds a user to an organization, whoever decided it. */
export async function addUser(
  act: Act,
  organizationId: OrganizationId,
  fields: UserFields,
): Promise<User> {
  await requireRoles(act.em, organizationId, fields.roles);
  const now = new Date();
  const created = act.em.create(User, {
    id: newId<UserId>(),
    organizationId,
    email: fields.email,
    name: fields.name,
    language: fields.language,
    disabledAt: null,
    createdAt: now,
    updatedAt: now,
  });
  await flushUnique(act.em, 'A user with this e-mail address exists already.');
  await setRoles(act.em, created.id, fields.roles);
  act.audit({
    organizationId,
    action: 'user.created',
    objects: [created.id],
    data: { roles: fields.roles },
  });
  return created;
}

/**
 * Changes a user, or switches it on again or off.
 * @param check is called with the user's version before anything changes
 * @throws DomainError `in-use` where nobody would be left to administer users
 */
export async function changeUser(
  act: Act,
  staff: Staff,
  userId: UserId,
  change: Change<UserFields & { disabled: boolean }>,
  check: (version: number) => void,
): Promise<User> {
  requirePermissions(staff, ['admin.users'], false);
  await lockAdministration(act.em, staff.organization.id);
  const found = await lockOwn(act.em, User, staff, userId, 'user');
  check(found.version);
  const { roles, disabled, ...fields } = named(change);
  const now = new Date();
  const switched = disabled !== undefined && disabled !== (found.disabledAt !== null);
  if (Object.keys(fields).length === 0 && roles === undefined && !switched) return found;
  act.em.assign(found, {
    ...fields,
    ...(switched ? { disabledAt: disabled ? now : null } : {}),
    updatedAt: now,
  });
  await flushUnique(act.em, 'A user with this e-mail address exists already.');
  if (roles !== undefined) {
    await requireRoles(act.em, staff.organization.id, roles);
    await setRoles(act.em, found.id, roles);
  }
  await keepAnAdministrator(act.em, staff.organization.id);
  act.audit({
    organizationId: staff.organization.id,
    action: switched && disabled ? 'user.disabled' : 'user.changed',
    objects: [found.id],
    data: { fields: Object.keys(named(change)).sort(), ...(roles === undefined ? {} : { roles }) },
  });
  return found;
}

/**
 * Disables a user, whose next request is refused. The user stays: what it owns and did names it.
 * @throws DomainError `in-use` where nobody would be left to administer users
 */
export async function disableUser(
  act: Act,
  staff: Staff,
  userId: UserId,
  check: (version: number) => void,
): Promise<void> {
  await changeUser(act, staff, userId, { disabled: true }, check);
}

async function requireRoles(
  em: EntityManager,
  organizationId: OrganizationId,
  roles: readonly RoleId[],
): Promise<void> {
  const rows = await em.execute<{ id: RoleId }[]>(
    `select id from roles where organization_id = ? and id = any(?::uuid[]) for share`,
    [organizationId, uuids(roles)],
  );
  const known = new Set(rows.map((row) => row.id));
  const asked = roles.map((id, index) => ({ id, type: 'role', pointer: `/roles/${index}` }));
  requireKnown(asked, ({ id }) => known.has(id));
}

async function setRoles(
  em: EntityManager,
  userId: UserId,
  roles: readonly RoleId[],
): Promise<void> {
  await em.execute(`delete from user_roles where user_id = ?`, [userId]);
  await em.execute(
    `insert into user_roles (user_id, role_id) select ?, unnest(?::uuid[]) on conflict do nothing`,
    [userId, uuids(roles)],
  );
}
