import type { Act } from '../act.ts';
import type { Partner } from '../identity/partner.entity.ts';
import type { CaseId, OrganizationId, ShareId } from '../ids.ts';

interface OpenShare {
  id: ShareId;
  method: 'copy' | 'partner_access';
  organization_id: OrganizationId;
  case_id: CaseId;
}

/**
 * Wakes the lives of what two partners share at this moment, in both directions: copies and updates that
 * are not delivered yet stop, and recipients of partner access are told. The row of the partnership is
 * locked, as it is by whoever shares, so that none is missed.
 */
export async function wakeOpenShares(
  act: Act,
  { inviterId, inviteeId }: Pick<Partner, 'inviterId' | 'inviteeId'>,
): Promise<void> {
  const open = await act.em.execute<OpenShare[]>(
    `select s.id, s.method, s.organization_id, s.case_id from shares s
     where ((s.organization_id = ? and s.partner_organization_id = ?)
         or (s.organization_id = ? and s.partner_organization_id = ?))
       and case s.method
         when 'copy' then exists (select from copy_deliveries d
           where d.share_id = s.id and d.state in ('waiting', 'copying'))
         when 'partner_access' then s.revoked_at is null
           and (s.expires_at is null or s.expires_at > clock_timestamp())
         else false end`,
    [inviterId, inviteeId, inviteeId, inviterId],
  );
  for (const share of open) {
    act.wake({
      kind: share.method === 'copy' ? 'case-copy' : 'partner-access',
      entityId: share.id,
      organizationId: share.organization_id,
      caseId: share.case_id,
    });
  }
}
