/** What of a case a share to a partner takes in (product rules, section 1, "scope"). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Fault, invalid } from '../errors.ts';
import type { EvidenceState } from '../evidence/evidence.entity.ts';
import type { CaseId, EvidenceId, ShareId } from '../ids.ts';

/** The scope that a request names. */
export type ScopeChoice =
  | { readonly type: 'entire_case' }
  | { readonly type: 'selected'; readonly evidenceIds: readonly EvidenceId[] };

/**
 * The active evidence that a scope takes in now, each once: of the entire case in the order of the ids,
 * of a selection in its own. All evidence of the case is locked in its present state until the
 * transaction ends, also what is being verified, so that it comes to the share either here or by the
 * act that makes it active.
 * @throws DomainError `validation-failed` with each that is selected and is not active, or not of the case
 */
export async function requireShareable(
  em: EntityManager,
  caseId: CaseId,
  scope: ScopeChoice,
): Promise<EvidenceId[]> {
  const rows = await em.execute<{ id: EvidenceId; state: EvidenceState }[]>(
    `select e.id, e.state from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ce.case_id = ? order by e.id for share of e`,
    [caseId],
  );
  if (scope.type === 'entire_case') {
    return rows.filter(({ state }) => state === 'active').map(({ id }) => id);
  }
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const faults = scope.evidenceIds.flatMap((id, index): Fault[] => {
    const state = states.get(id);
    if (state === 'active') return [];
    const detail =
      state === undefined || state === 'destroyed'
        ? 'Not evidence of this case.'
        : `It is ${state}; only active evidence can be shared.`;
    return [{ pointer: `/scope/evidenceIds/${index}`, detail }];
  });
  if (faults.length > 0) throw invalid(...faults);
  return [...new Set(scope.evidenceIds)];
}

/** Makes this the selection of a share, in its order; says whether it was another before. */
export async function replaceSelection(
  em: EntityManager,
  shareId: ShareId,
  evidenceIds: readonly EvidenceId[],
): Promise<boolean> {
  const before = await readSelection(em, shareId);
  if (before.length === evidenceIds.length && before.every((id, at) => id === evidenceIds[at])) {
    return false;
  }
  await em.execute('delete from share_selection where share_id = ?', [shareId]);
  await em.execute(
    `insert into share_selection (share_id, evidence_id, position)
     select ?::uuid, s.id, s.position from json_to_recordset(?::json) as s (id uuid, position int)`,
    [shareId, JSON.stringify(evidenceIds.map((id, position) => ({ id, position })))],
  );
  return true;
}

/** The evidence that a share selects, in its order. */
export async function readSelection(em: EntityManager, shareId: ShareId): Promise<EvidenceId[]> {
  const rows = await em.execute<{ evidence_id: EvidenceId }[]>(
    'select evidence_id from share_selection where share_id = ? order by position',
    [shareId],
  );
  return rows.map((row) => row.evidence_id);
}

/**
 * Takes evidence that leaves a case out of what partners were given of the case by selection: it does not
 * come back to them when it is added again. Copies are the partners' own, and keep what they hold.
 */
export async function deselectRemoved(
  em: EntityManager,
  caseId: CaseId,
  evidenceId: EvidenceId,
): Promise<void> {
  await em.execute(
    `with affected as (
       select id from shares where case_id = ? and method = 'partner_access'
         and id in (select share_id from share_selection where evidence_id = ?)
       order by id for update),
     gone as (
       delete from share_selection where evidence_id = ? and share_id in (select id from affected))
     update shares set version = version + 1, updated_at = clock_timestamp()
     where id in (select id from affected)`,
    [caseId, evidenceId, evidenceId],
  );
}
