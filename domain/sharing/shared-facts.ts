/**
 * What was shared with whom, and when first: one fact per evidence, partner and share (product rules,
 * section 3). Facts stay whatever becomes of the share, the evidence or the case.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CaseId, EvidenceId, ShareId } from '../ids.ts';
import { uuids } from '../sql.ts';
import { SHOWN_NOW } from './partner-access/access-grant.ts';

/** Evidence that a share has given to its partner. */
export interface Shared {
  readonly shareId: ShareId;
  /** When the partner had it first: when it was shared, or when the copy was delivered. */
  readonly at: Date;
  readonly evidence: readonly {
    readonly id: EvidenceId;
    /** The partner's own evidence that it was copied to. */
    readonly copy?: EvidenceId;
  }[];
  /** The partner's case that holds the copies. */
  readonly targetCaseId?: CaseId;
}

/**
 * Records what a share has given to its partner. Evidence that it gave before keeps its first instant,
 * so that this may be called with all of it, and twice.
 */
export async function recordShared(em: EntityManager, shared: Shared): Promise<void> {
  await em.execute(
    `with facts as (
       insert into shared_evidence (share_id, source_organization_id, source_case_id, source_evidence_id,
         partner_organization_id, target_case_id, target_evidence_id, shared_at)
       select s.id, s.organization_id, s.case_id, e.id, s.partner_organization_id, ?::uuid, e.copy, ?::timestamptz
       from shares s, json_to_recordset(?::json) as e (id uuid, copy uuid)
       where s.id = ? and s.partner_organization_id is not null
       on conflict (share_id, source_evidence_id) do nothing
       returning *)
     ${SUMMARY}`,
    [shared.targetCaseId ?? null, shared.at, JSON.stringify(shared.evidence), shared.shareId],
  );
}

/**
 * Records that evidence has come into a case, or has become active in it: the partners that have access
 * to the entire case have it from then on.
 */
export async function recordAdded(
  em: EntityManager,
  caseId: CaseId,
  evidenceIds: readonly EvidenceId[],
  at: Date,
): Promise<void> {
  await em.execute(
    `with facts as (
       insert into shared_evidence (share_id, source_organization_id, source_case_id, source_evidence_id,
         partner_organization_id, shared_at)
       select shares.id, shares.organization_id, shares.case_id, e.id, shares.partner_organization_id,
         ?::timestamptz
       from shares cross join evidence e
       where shares.case_id = ? and shares.scope = 'entire_case' and e.id = any(?::uuid[]) and ${SHOWN_NOW}
       on conflict (share_id, source_evidence_id) do nothing
       returning *)
     ${SUMMARY}`,
    [at, caseId, uuids(evidenceIds)],
  );
}

/**
 * What the new facts say of cases, once for the case that was shared and once for the one received. The
 * status is the case's, which triggers see to from then on.
 */
const SUMMARY = /* sql */ `
  insert into shared_cases (organization_id, case_id, source_organization_id, partner_organization_id,
    shared_at, status)
  select s.*, c.status from (
    select source_organization_id as organization_id, source_case_id as case_id, source_organization_id,
      partner_organization_id, shared_at
    from facts
    union
    select partner_organization_id, target_case_id, source_organization_id, partner_organization_id, shared_at
    from facts where target_case_id is not null
  ) s join cases c on c.id = s.case_id
  on conflict do nothing`;
