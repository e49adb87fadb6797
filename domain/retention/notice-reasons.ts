import type { EntityManager } from '@mikro-orm/postgresql';
import { ADMINISTERS } from '../identity/administrators.ts';

/** Whether a mail about deletions still has its reader: an administrator of the organization that works there. */
export async function deletionNoticeStands(
  em: EntityManager,
  mail: { readonly subjectId: string; readonly recipient: string },
): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select 1 from users u where u.organization_id = ? and lower(u.email) = lower(?)
       and u.disabled_at is null and ${ADMINISTERS} for share of u`,
    [mail.subjectId, mail.recipient],
  );
  return rows.length > 0;
}
