/** What keeps evidence from being deleted, asked in the transaction that would delete it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceId } from '../ids.ts';
import { LINK_STATE } from '../sharing/download-link/link-state.ts';
import { ACCESS_STATE } from '../sharing/partner-access/access-grant.ts';
import { utc } from '../sql.ts';

/**
 * A ground on which evidence is kept: a hold, live partner access, a live or preparing download link, or a
 * copy or its update under way.
 */
export interface Ground {
  readonly kind: 'hold' | 'partner_access' | 'download_link' | 'copy';
  /** Since when, as ISO 8601. */
  readonly since: string;
  /** Until when, where that is known; a hold, a copy and access without an end have none. */
  readonly until: string | null;
  /** The share; null for a hold. */
  readonly shareId: string | null;
  /** The partner's name, where there is one. */
  readonly partner: string | null;
}

/**
 * Locks a piece of evidence for deletion: first what gives it to others, as they stand, so that neither a
 * share is extended nor one begun while it is asked about; then the evidence itself. Whoever shares,
 * copies, holds or re-categorises evidence locks its row too, and comes either before or after.
 */
export async function lockForDeletion(em: EntityManager, evidenceId: EvidenceId): Promise<void> {
  await em.execute(
    `select 1 from shares where id in (
       select share_id from share_items where evidence_id = ?
       union select share_id from share_selection where evidence_id = ?
       union select s.id from shares s join case_evidence ce on ce.case_id = s.case_id
         where ce.evidence_id = ? and s.method = 'partner_access' and s.revoked_at is null)
     order by id for share`,
    [evidenceId, evidenceId, evidenceId],
  );
  await em.execute('select 1 from evidence where id = ? for update', [evidenceId]);
}

/**
 * The grounds on which this evidence is kept at this moment, by PostgreSQL's clock. Partner access counts
 * by what it covers and not by what it shows: evidence that waits to be destroyed is not shown.
 */
export async function protectionOf(em: EntityManager, evidenceId: EvidenceId): Promise<Ground[]> {
  return em.execute<Ground[]>(
    `select 'hold' as kind, e.hold->>'at' as since, null as until, null::uuid as "shareId", null as partner
     from evidence e where e.id = ? and e.hold is not null
     union all
     select 'partner_access', ${utc('shares.created_at')},
       case when not shares.entire_organization then ${utc('shares.expires_at')} end, shares.id, o.name
     from shares join organizations o on o.id = shares.partner_organization_id
     where shares.method = 'partner_access' and ${ACCESS_STATE} = 'active'
       and exists (select from case_evidence ce where ce.case_id = shares.case_id and ce.evidence_id = ?)
       and (shares.scope = 'entire_case' or exists (select from share_selection s
         where s.share_id = shares.id and s.evidence_id = ?))
     union all
     select 'download_link', ${utc('shares.created_at')}, ${utc('shares.expires_at')}, shares.id, null
     from shares where shares.method = 'download_link' and ${LINK_STATE} in ('preparing', 'active', 'used_up')
       and exists (select from share_items i where i.share_id = shares.id and i.evidence_id = ?)
     union all
     select 'copy', ${utc('d.requested_at')}, null, s.id, o.name
     from copy_items i join copy_deliveries d on d.id = i.delivery_id
     join shares s on s.id = d.share_id join organizations o on o.id = s.partner_organization_id
     where i.evidence_id = ? and d.state in ('waiting', 'copying')
     order by since, "shareId"`,
    [evidenceId, evidenceId, evidenceId, evidenceId, evidenceId],
  );
}
