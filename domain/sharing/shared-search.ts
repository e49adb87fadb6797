/** Finds cases and evidence by what was shared: several filters hold for the same fact. */
import type { OrganizationId } from '../ids.ts';
import { allOf, type Condition, EVERY, NO } from '../sql.ts';
import type { Instants } from './shared-on.ts';

/** What a search asks of facts; an organization that nothing was shared with simply matches nothing. */
export interface SharedFilters {
  /** The organization that it was shared to. */
  readonly sharedTo?: OrganizationId | undefined;
  /** The organization that it was shared from. */
  readonly sharedFrom?: OrganizationId | undefined;
  readonly sharedOn?: Instants | undefined;
  /** The organization that has no fact at all. */
  readonly notSharedTo?: OrganizationId | undefined;
}

/** Whether a search asks for facts, and not only for the lack of them. */
export function asksForFacts({ sharedTo, sharedFrom, sharedOn }: SharedFilters): boolean {
  return sharedTo !== undefined || sharedFrom !== undefined || sharedOn !== undefined;
}

/** A fact, or what facts say of a case, that meets the filters. */
function meets({ sharedTo, sharedFrom, sharedOn }: SharedFilters, alias: 's' | 'p'): Condition {
  const where = (sql: string, value: OrganizationId | Date | null | undefined): Condition =>
    value == null ? EVERY : { sql: `${alias}.${sql}`, values: [value] };
  return allOf(
    where('partner_organization_id = ?', sharedTo),
    where('source_organization_id = ?', sharedFrom),
    where('shared_at >= ?', sharedOn?.from),
    where('shared_at < ?', sharedOn?.before),
  );
}

/** What facts say of an organization's cases, named `s` in the query, that meets the filters. */
export function factsOfCases(own: OrganizationId, filters: SharedFilters): Condition {
  return allOf({ sql: 's.organization_id = ?', values: [own] }, meets(filters, 's'));
}

/**
 * Of such rows, named `s` in the query, the first of each case. Unlike `distinct` that needs no more of the
 * rows than a page does, read in the order of an index.
 */
export function firstFacts(own: OrganizationId, filters: SharedFilters): Condition {
  const { sql, values } = meets(filters, 'p');
  return {
    sql: `not exists (select 1 from shared_cases p
      where p.organization_id = ? and p.case_id = s.case_id and ${sql}
        and (p.source_organization_id, p.partner_organization_id, p.shared_at)
          < (s.source_organization_id, s.partner_organization_id, s.shared_at))`,
    values: [own, ...values],
  };
}

/**
 * The cases that were never shared to the organization that a search names.
 * @param caseId the column of the query with the case's id
 */
export function notShared(
  own: OrganizationId,
  { notSharedTo }: SharedFilters,
  caseId: 'c.id' | 'o.id' | 's.case_id',
): Condition {
  if (notSharedTo === undefined) return EVERY;
  return {
    sql: `not exists (select 1 from shared_cases n where n.organization_id = ?
      and n.partner_organization_id = ? and n.case_id = ${caseId})`,
    values: [own, notSharedTo],
  };
}

/**
 * The organization's evidence, of the rows of `case_evidence` named `ce` in the query, that meets the
 * filters, by whichever of its cases it was shared.
 */
export function evidenceShared(own: OrganizationId, filters: SharedFilters): Condition {
  const { notSharedTo } = filters;
  const lack = notSharedTo === undefined ? EVERY : not(hasFact(own, { sharedTo: notSharedTo }));
  return asksForFacts(filters) ? allOf(hasFact(own, filters), lack) : lack;
}

/** What was shared from here was not received here: where the filters tell, one of them is looked for. */
function hasFact(own: OrganizationId, filters: SharedFilters): Condition {
  const { sharedTo = own, sharedFrom = own } = filters;
  const sent = sharedFrom === own ? [exists('s.source_evidence_id', filters)] : [];
  const received = sharedTo === own ? [exists('s.target_evidence_id', filters)] : [];
  const ways = [...sent, ...received];
  if (ways.length === 0) return NO;
  return {
    sql: `(${ways.map(({ sql }) => sql).join(' or ')})`,
    values: ways.flatMap(({ values }) => values),
  };
}

/**
 * The planner is held to look at the facts of each piece of evidence (`offset 0`): it would read those of
 * all cases that meet the filters.
 */
function exists(
  column: 's.source_evidence_id' | 's.target_evidence_id',
  filters: SharedFilters,
): Condition {
  const { sql, values } = meets(filters, 's');
  return {
    sql: `exists (select 1 from shared_evidence s where ${column} = ce.evidence_id and ${sql} offset 0)`,
    values,
  };
}

function not({ sql, values }: Condition): Condition {
  return { sql: `not ${sql}`, values };
}
