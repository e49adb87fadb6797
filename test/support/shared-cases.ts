import type { Case } from '../../domain/cases/case.entity.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { Partner } from '../../domain/identity/partner.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { newId, type ShareId } from '../../domain/ids.ts';
import type { Building } from './factories.ts';

/**
 * A share by its row alone, for tests of what is recorded of shares: partner access that has expired
 * and was revoked, where a partnership is given, and a delivered copy where none is.
 */
export async function buildShareRow(
  { database }: Pick<Building, 'database'>,
  share: {
    readonly of: Pick<Case, 'id'>;
    readonly by: Pick<User, 'id' | 'organizationId'>;
    readonly to: Pick<Organization, 'id'>;
    readonly access?: Pick<Partner, 'id'>;
    readonly scope?: 'entire_case' | 'selected';
    readonly live?: boolean;
  },
): Promise<ShareId> {
  const id = newId<ShareId>();
  const { of, by, to, access, scope = 'selected', live = false } = share;
  await database.em.fork().execute(
    `insert into shares (id, organization_id, case_id, method, scope, created_by, created_at, updated_at,
       partner_organization_id, access, duration_days, expires_at, revoked_at, partnership_id)
     select ?, ?, ?, method, ?, ?, began, began, ?, case method when 'partner_access' then 'view' end,
       case method when 'partner_access' then 1 end,
       case method when 'partner_access' then began + interval '1 day' end,
       case when method = 'partner_access' and not ? then began end, ?
     from (select ?::text as method, case when ? then now() else now() - interval '2 years' end as began) s`,
    [
      ...[id, by.organizationId, of.id, scope, by.id, to.id, live, access?.id ?? null],
      ...[access === undefined ? 'copy' : 'partner_access', live],
    ],
  );
  return id;
}
