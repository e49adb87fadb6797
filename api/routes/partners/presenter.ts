import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { PartnerId } from '../../../domain/ids.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import type { partnerQuery, partnerView } from './schema.ts';

type PartnerView = z.input<typeof partnerView>;

/** Partnerships, turned so that `us` is the organization that looks at them. */
const PARTNERS: ViewSql = {
  from: /* sql */ `(
    select p.*, p.inviter_id as us, p.invitee_id as them, true as invited_by_us,
      inviter_may_send as may_send, inviter_may_receive as may_receive,
      invitee_may_send as they_may_send, invitee_may_receive as they_may_receive from partners p
    union all
    select p.*, p.invitee_id, p.inviter_id, false,
      invitee_may_send, invitee_may_receive, inviter_may_send, inviter_may_receive from partners p
  ) p join organizations o on o.id = p.them`,
  alias: 'p',
  view: /* sql */ `json_build_object(
    'id', p.id,
    'organization', json_build_object('id', o.id, 'slug', o.slug, 'name', o.name, 'kind', o.kind),
    'state', p.state, 'invitedByUs', p.invited_by_us,
    'maySendTo', p.may_send, 'mayReceiveFrom', p.may_receive,
    'theyMaySendToUs', p.they_may_send, 'theyMayReceiveFromUs', p.they_may_receive,
    'invitedAt', ${utc('p.invited_at')}, 'acceptedAt', ${utc('p.accepted_at')},
    'endedAt', ${utc('p.ended_at')})`,
};

/** @throws DomainError `not-found`, also for a partnership between others */
export async function readPartner(em: EntityManager, staff: Staff, partnerId: PartnerId) {
  const found = await readOne<PartnerView>(em, PARTNERS, {
    sql: 'p.id = ? and p.us = ?',
    values: [partnerId, staff.organization.id],
  });
  if (found === null) throw notFound('partner');
  return found;
}

export async function listPartners(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof partnerQuery>,
) {
  const state = asked.state ?? null;
  return readPage<PartnerView>(
    em,
    PARTNERS,
    {
      sql: 'p.us = ? and (?::text is null or p.state = ?)',
      values: [staff.organization.id, state, state],
    },
    asked,
  );
}
