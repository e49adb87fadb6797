import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, named } from '../change.ts';
import { DomainError } from '../errors.ts';
import { type GroupId, newId, type OrganizationId, type UserId } from '../ids.ts';
import { requireKnown } from '../require-known.ts';
import { uuids } from '../sql.ts';
import { flushUnique } from '../unique.ts';
import { lockOwn } from './lock-own.ts';
import { requirePermissions, type Staff } from './staff.ts';
import { Group } from './user.entity.ts';

/** What an administrator sets of a group. */
export interface GroupFields {
  name: string;
  members: readonly UserId[];
}

const NAME_TAKEN = 'A group with this name exists already.';

/** @throws DomainError `already-exists` where the name is taken */
export async function createGroup(act: Act, staff: Staff, fields: GroupFields): Promise<Group> {
  requirePermissions(staff, ['admin.users'], false);
  await requireMembers(act.em, staff.organization.id, fields.members);
  const now = new Date();
  const created = act.em.create(Group, {
    id: newId<GroupId>(),
    organizationId: staff.organization.id,
    name: fields.name,
    createdAt: now,
    updatedAt: now,
  });
  await flushUnique(act.em, NAME_TAKEN);
  await setMembers(act.em, created.id, fields.members);
  act.audit({
    organizationId: staff.organization.id,
    action: 'group.created',
    objects: [created.id],
    data: { members: fields.members },
  });
  return created;
}

/** Changes a group; the members that are named replace those that it has. */
export async function changeGroup(
  act: Act,
  staff: Staff,
  groupId: GroupId,
  change: Change<GroupFields>,
  check: (version: number) => void,
): Promise<Group> {
  const found = await lockGroup(act.em, staff, groupId);
  check(found.version);
  const { members, ...fields } = named(change);
  if (Object.keys(fields).length === 0 && members === undefined) return found;
  act.em.assign(found, { ...fields, updatedAt: new Date() });
  await flushUnique(act.em, NAME_TAKEN);
  if (members !== undefined) {
    await requireMembers(act.em, staff.organization.id, members);
    await setMembers(act.em, found.id, members);
  }
  act.audit({
    organizationId: staff.organization.id,
    action: 'group.changed',
    objects: [found.id],
    data: {
      fields: Object.keys(named(change)).sort(),
      ...(members === undefined ? {} : { members }),
    },
  });
  return found;
}

/** @throws DomainError `in-use` while a case or evidence names the group */
export async function deleteGroup(
  act: Act,
  staff: Staff,
  groupId: GroupId,
  check: (version: number) => void,
): Promise<void> {
  const found = await lockGroup(act.em, staff, groupId);
  check(found.version);
  const uses = await act.em.execute<unknown[]>(
    `select 1 from evidence where evidence_group_id = ?
     union all select 1 from evidence_access where principal_type = 'group' and principal_id = ?
     union all select 1 from case_members where principal_type = 'group' and principal_id = ?
     limit 1`,
    [groupId, groupId, groupId],
  );
  if (uses.length > 0) {
    throw new DomainError('in-use', 'Cases or evidence name this group. Take it off them first.');
  }
  act.em.remove(found);
  act.audit({
    organizationId: staff.organization.id,
    action: 'group.deleted',
    objects: [found.id],
  });
}

async function lockGroup(em: EntityManager, staff: Staff, groupId: GroupId): Promise<Group> {
  requirePermissions(staff, ['admin.users'], false);
  return lockOwn(em, Group, staff, groupId, 'group');
}

async function requireMembers(
  em: EntityManager,
  organizationId: OrganizationId,
  members: readonly UserId[],
): Promise<void> {
  const rows = await em.execute<{ id: UserId }[]>(
    `select id from users where organization_id = ? and id = any(?::uuid[])`,
    [organizationId, uuids(members)],
  );
  const known = new Set(rows.map((row) => row.id));
  const asked = members.map((id, index) => ({ id, type: 'user', pointer: `/members/${index}` }));
  requireKnown(asked, ({ id }) => known.has(id));
}

async function setMembers(
  em: EntityManager,
  groupId: GroupId,
  members: readonly UserId[],
): Promise<void> {
  await em.execute(`delete from group_members where group_id = ?`, [groupId]);
  await em.execute(
    `insert into group_members (group_id, user_id) select ?, unnest(?::uuid[]) on conflict do nothing`,
    [groupId, uuids(members)],
  );
}
