import type { Act } from '../../act.ts';
import { lockCase } from '../../cases/commands.ts';
import { DomainError, invalid } from '../../errors.ts';
import type { Staff } from '../../identity/staff.ts';
import type { EvidenceId, ShareId } from '../../ids.ts';
import { uuids } from '../../sql.ts';
import { lockShare, shareMethod } from '../lock-share.ts';
import {
  requireCaseShareable,
  requireEvidenceShareable,
  requirePartner,
} from '../partner-prerequisites.ts';
import { readSelection, replaceSelection, requireShareable } from '../selection.ts';
import { beginDelivery } from './begin-delivery.ts';
import { CaseCopy } from './case-copy.entity.ts';
import { readCopyState } from './copy-state.ts';
import { wakeCopy } from './create-case-copy.ts';
import type { CopyDelivery } from './delivery.entity.ts';

/**
 * Asks for an update of a copy: evidence that the partner does not have of it yet is brought to it, after
 * the updates asked for before. Of an entire case that is all active evidence; of a selection what is
 * named, which joins the selection, and what of it was not delivered.
 * @throws DomainError `not-found`, `permission-missing`, `wrong-state` of a copy that was not made,
 *   `validation-failed`, and what the partnership lacks
 */
export async function requestUpdate(
  act: Act,
  staff: Staff,
  shareId: ShareId,
  named: readonly EvidenceId[],
): Promise<CopyDelivery> {
  const { em } = act;
  const { caseId, method } = await shareMethod(em, staff, shareId);
  if (method !== 'copy') {
    throw new DomainError(
      'wrong-state',
      'Only a copy is updated; other shares are always current.',
    );
  }
  await lockCase(em, staff, caseId);
  const { share, now } = await lockShare(em, CaseCopy, staff, shareId);
  const state = await readCopyState(em, shareId);
  if (state === 'failed' || state === 'cancelled') {
    throw new DomainError('wrong-state', `This copy is ${state}. Share the case again.`);
  }
  await requireCaseShareable(em, staff, caseId);
  await requirePartner(em, staff, 'copy', share.partnerOrganizationId);
  const evidence = await undelivered(act, share, named);
  await requireEvidenceShareable(em, staff, evidence);
  const delivery = await beginDelivery(act, share, { evidence, requestedBy: staff.id, now });
  em.assign(share, { updatedAt: now });
  act.audit({
    organizationId: share.organizationId,
    action: 'share.update_requested',
    objects: [share.id, share.caseId],
    data: { delivery: delivery.id, files: evidence.length },
  });
  wakeCopy(act, share);
  return delivery;
}

/** What an update brings; what a delivery under way brings too is left out when this one starts. */
async function undelivered(
  act: Act,
  share: CaseCopy,
  named: readonly EvidenceId[],
): Promise<EvidenceId[]> {
  const { em } = act;
  const candidates =
    share.scope === 'entire_case'
      ? await ofEntireCase(act, share, named)
      : await ofSelection(act, share, named);
  const rows = await em.execute<{ id: EvidenceId }[]>(
    `select c.id from unnest(?::uuid[]) with ordinality as c (id, position)
     where not exists (select 1 from shared_evidence s
       where s.share_id = ? and s.source_evidence_id = c.id) order by c.position`,
    [uuids(candidates), share.id],
  );
  return rows.map(({ id }) => id);
}

async function ofEntireCase(
  act: Act,
  share: CaseCopy,
  named: readonly EvidenceId[],
): Promise<EvidenceId[]> {
  if (named.length > 0) {
    throw invalid({
      pointer: '/evidenceIds',
      detail:
        'This is a copy of the entire case: an update brings all that is new. Leave this out.',
    });
  }
  return requireShareable(act.em, share.caseId, { type: 'entire_case' });
}

async function ofSelection(
  act: Act,
  share: CaseCopy,
  named: readonly EvidenceId[],
): Promise<EvidenceId[]> {
  const { em } = act;
  const selected = await readSelection(em, share.id);
  const active = new Set(await requireShareable(em, share.caseId, { type: 'entire_case' }));
  const faults = named.flatMap((id, index) =>
    active.has(id)
      ? []
      : [{ pointer: `/evidenceIds/${index}`, detail: 'Not active evidence of this case.' }],
  );
  if (faults.length > 0) throw invalid(...faults);
  const joined = [...new Set([...selected, ...named])];
  await replaceSelection(em, share.id, joined);
  return joined.filter((id) => active.has(id));
}
