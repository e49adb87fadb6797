/** What exports say of sharing, in names that people read; several are joined with "; ". */
import { utc } from '../sql.ts';

/** The columns of one row. */
export interface SharingColumns {
  /** The partners that it was shared to, also where that has ended. */
  readonly sharedTo: string;
  /** The organizations that it was received from as a copy. */
  readonly sharedFrom: string;
  /** When each of these had it first, in their order: shared to, then shared from. */
  readonly sharedOn: string;
  /** The partners that it may be shared to now, and was not. */
  readonly notSharedTo: string;
}

/** JSON over a case called `c`. */
export const CASE_SHARING = sharing('c.organization_id', 'shared_cases f where f.case_id = c.id');

/** JSON over evidence called `e`; by whichever of its cases it was shared. */
export const EVIDENCE_SHARING = sharing(
  'e.organization_id',
  `shared_evidence f where (
     (f.source_evidence_id = e.id and f.source_organization_id = e.organization_id)
     or (f.target_evidence_id = e.id and f.partner_organization_id = e.organization_id))`,
);

/**
 * @param own the column of the organization whose row it is
 * @param facts the row's facts, named `f`, as what comes after `from`
 */
function sharing(own: string, facts: string): string {
  return /* sql */ `(
    select json_build_object(
      'sharedTo', coalesce(string_agg(o.name, '; ' order by o.name, o.id) filter (where not s.received), ''),
      'sharedFrom', coalesce(string_agg(o.name, '; ' order by o.name, o.id) filter (where s.received), ''),
      'sharedOn', coalesce(string_agg(${utc('s.shared_at')}, '; ' order by s.received, o.name, o.id), ''),
      'notSharedTo', coalesce((
        select string_agg(o.name, '; ' order by o.name, o.id)
        from partners p join organizations o
          on o.id = case p.inviter_id when ${own} then p.invitee_id else p.inviter_id end
        where p.state = 'active' and case ${own}
          when p.inviter_id then p.inviter_may_send and p.invitee_may_receive
          when p.invitee_id then p.invitee_may_send and p.inviter_may_receive
          else false end
        and not exists (select 1 from ${facts} and f.partner_organization_id = o.id)), ''))
    from (
      select min(f.shared_at) as shared_at, f.source_organization_id <> ${own} as received,
        case f.source_organization_id when ${own} then f.partner_organization_id
          else f.source_organization_id end as other_id
      from ${facts} group by received, other_id
    ) s join organizations o on o.id = s.other_id)`;
}
