import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { TrustedUserId } from '../../../domain/ids.ts';
import { allOf, utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import { containsWords } from '../../search.ts';
import type { trustedUserQuery, trustedUserView } from './schema.ts';

type TrustedUserView = z.input<typeof trustedUserView>;

const TRUSTED_USERS: ViewSql = {
  from: 'trusted_users t',
  alias: 't',
  view: /* sql */ `json_build_object('id', t.id, 'email', t.email, 'name', t.name,
    'language', t.language, 'addedAt', ${utc('t.added_at')},
    'openRequests', (select count(*) from upload_requests r
      where r.trusted_user_id = t.id and r.closed_at is null))`,
};

/** A trusted user that was just added. */
export async function readTrustedUser(em: EntityManager, id: TrustedUserId) {
  const found = await readOne<TrustedUserView>(em, TRUSTED_USERS, {
    sql: 't.id = ?',
    values: [id],
  });
  if (found === null) throw new Error(`the trusted user ${id} vanished while it was read`);
  return found;
}

/** A page of the organization’s trusted users, oldest first. */
export async function listTrustedUsers(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof trustedUserQuery>,
) {
  const own = {
    sql: 't.organization_id = ? and t.removed_at is null',
    values: [staff.organization.id],
  };
  const condition = allOf(own, containsWords(asked.query, ['t.email', 't.name']));
  return readPage<TrustedUserView>(em, TRUSTED_USERS, condition, asked);
}
