import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import { PERMISSIONS } from '../../../domain/identity/permissions.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { RoleId } from '../../../domain/ids.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import type { roleQuery, roleView } from './schema.ts';

type RoleView = z.input<typeof roleView>;

/** Every permission, at `none` where a role does not grant it. */
const NOTHING_GRANTED = JSON.stringify(
  Object.fromEntries(PERMISSIONS.map((permission) => [permission, 'none'])),
);

const ROLES: ViewSql = {
  from: 'roles r',
  alias: 'r',
  view: /* sql */ `json_build_object(
    'id', r.id, 'name', r.name, 'builtIn', r.built_in,
    'permissions', '${NOTHING_GRANTED}'::jsonb || r.permissions,
    'userCount', (select count(*) from user_roles ur where ur.role_id = r.id),
    'createdAt', ${utc('r.created_at')}, 'updatedAt', ${utc('r.updated_at')})`,
};

/** @throws DomainError `not-found`, also for a role of another organization */
export async function readRole(em: EntityManager, staff: Staff, roleId: RoleId) {
  const found = await readOne<RoleView>(em, ROLES, {
    sql: 'r.id = ? and r.organization_id = ?',
    values: [roleId, staff.organization.id],
  });
  if (found === null) throw notFound('role');
  return found;
}

export async function listRoles(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof roleQuery>,
) {
  return readPage<RoleView>(
    em,
    ROLES,
    { sql: 'r.organization_id = ?', values: [staff.organization.id] },
    asked,
  );
}
