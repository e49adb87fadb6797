import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { PartnerId } from '../../../domain/ids.ts';
import { requireReceiver } from '../../../domain/sharing/partner-prerequisites.ts';
import { allOf } from '../../../domain/sql.ts';
import { readPage, type ViewSql } from '../../list.ts';
import { containsWords } from '../../search.ts';
import { readPartner } from './presenter.ts';
import type { recipientQuery, recipientView } from './schema.ts';

type RecipientView = z.input<typeof recipientView>;

/** Users who are not disabled, and groups. */
const RECIPIENTS: ViewSql = {
  from: /* sql */ `(
    select 'user' as type, u.id, u.version, u.organization_id, u.name, u.email from users u
    where u.disabled_at is null
    union all
    select 'group', g.id, g.version, g.organization_id, g.name, null from groups g
  ) r`,
  alias: 'r',
  view: `json_build_object('type', r.type, 'id', r.id, 'name', r.name, 'email', r.email)`,
};

/**
 * Users and groups of a partner that can be sent to.
 * @throws DomainError `not-found`, also for a partnership between others; as `requireReceiver` says
 */
export async function listRecipients(
  em: EntityManager,
  staff: Staff,
  partnerId: PartnerId,
  asked: z.output<typeof recipientQuery>,
) {
  const { body: partner } = await readPartner(em, staff, partnerId);
  requireReceiver(staff, partner);
  const ofPartner = { sql: 'r.organization_id = ?', values: [partner.organization.id] };
  const found = allOf(ofPartner, containsWords(asked.query, ['r.name', 'r.email']));
  return readPage<RecipientView>(em, RECIPIENTS, found, asked);
}
