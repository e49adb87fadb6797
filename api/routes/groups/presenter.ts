import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { GroupId } from '../../../domain/ids.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import type { groupQuery, groupView } from './schema.ts';

type GroupView = z.input<typeof groupView>;

const GROUPS: ViewSql = {
  from: 'groups g',
  alias: 'g',
  view: /* sql */ `json_build_object(
    'id', g.id, 'name', g.name,
    'members', coalesce((select json_agg(
        json_build_object('id', u.id, 'name', u.name, 'email', u.email) order by u.id)
      from group_members m join users u on u.id = m.user_id where m.group_id = g.id), '[]'),
    'createdAt', ${utc('g.created_at')}, 'updatedAt', ${utc('g.updated_at')})`,
};

/** @throws DomainError `not-found`, also for a group of another organization */
export async function readGroup(em: EntityManager, staff: Staff, groupId: GroupId) {
  const found = await readOne<GroupView>(em, GROUPS, {
    sql: 'g.id = ? and g.organization_id = ?',
    values: [groupId, staff.organization.id],
  });
  if (found === null) throw notFound('group');
  return found;
}

export async function listGroups(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof groupQuery>,
) {
  const query = asked.query ?? null;
  return readPage<GroupView>(
    em,
    GROUPS,
    {
      sql: 'g.organization_id = ? and (?::text is null or strpos(lower(g.name), lower(?)) > 0)',
      values: [staff.organization.id, query, query],
    },
    asked,
  );
}
