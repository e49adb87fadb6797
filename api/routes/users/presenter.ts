import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { UserId } from '../../../domain/ids.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import type { userQuery, userView } from './schema.ts';

type UserView = z.input<typeof userView>;

const USERS: ViewSql = {
  from: 'users u',
  alias: 'u',
  view: /* sql */ `json_build_object(
    'id', u.id, 'email', u.email, 'name', u.name, 'language', u.language,
    'roles', coalesce((select json_agg(json_build_object('id', r.id, 'name', r.name) order by r.id)
      from user_roles ur join roles r on r.id = ur.role_id where ur.user_id = u.id), '[]'),
    'groups', coalesce((select json_agg(json_build_object('id', g.id, 'name', g.name) order by g.id)
      from group_members m join groups g on g.id = m.group_id where m.user_id = u.id), '[]'),
    'disabled', u.disabled_at is not null,
    'createdAt', ${utc('u.created_at')}, 'updatedAt', ${utc('u.updated_at')})`,
};

/** @throws DomainError `not-found`, also for a user of another organization */
export async function readUser(em: EntityManager, staff: Staff, userId: UserId) {
  const found = await readOne<UserView>(em, USERS, {
    sql: 'u.id = ? and u.organization_id = ?',
    values: [userId, staff.organization.id],
  });
  if (found === null) throw notFound('user');
  return found;
}

export async function listUsers(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof userQuery>,
) {
  const query = asked.query ?? null;
  const disabled = asked.disabled ?? null;
  return readPage<UserView>(
    em,
    USERS,
    {
      sql: `u.organization_id = ?
        and (?::text is null or strpos(lower(u.name), lower(?)) > 0 or strpos(lower(u.email), lower(?)) > 0)
        and (?::boolean is null or (u.disabled_at is not null) = ?::boolean)`,
      values: [staff.organization.id, query, query, query, disabled, disabled],
    },
    asked,
  );
}
