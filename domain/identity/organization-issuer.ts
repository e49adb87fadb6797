import type { Act } from '../act.ts';
import { notFound } from '../errors.ts';
import type { OrganizationId } from '../ids.ts';

/**
 * Sets at which issuer the users of an organization sign in to what partners give them: an act of the
 * operator, who also configures this installation's client there. Without one they are mailed codes.
 * Sign-ins that are under way go on as they began.
 * @throws DomainError `not-found` without such an organization
 */
export async function setIssuer(act: Act, slug: string, issuer: string | null): Promise<void> {
  const [organization] = await act.em.execute<{ id: OrganizationId; issuer: string | null }[]>(
    `select o.id, i.issuer from organizations o
     left join organization_issuers i on i.organization_id = o.id where o.slug = ? for update of o`,
    [slug],
  );
  if (organization === undefined) throw notFound('organization');
  if (organization.issuer === issuer) return;
  if (issuer === null) {
    await act.em.execute('delete from organization_issuers where organization_id = ?', [
      organization.id,
    ]);
  } else {
    await act.em.execute(
      `insert into organization_issuers (organization_id, issuer, updated_at)
       values (?, ?, clock_timestamp())
       on conflict (organization_id) do update set issuer = excluded.issuer, updated_at = excluded.updated_at`,
      [organization.id, issuer],
    );
  }
  act.audit({
    organizationId: organization.id,
    action: 'organization.changed',
    objects: [organization.id],
    data: { fields: ['issuer'], issuer },
  });
}
