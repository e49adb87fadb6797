import type { Act } from '../../act.ts';
import { DomainError } from '../../errors.ts';
import type { Staff } from '../../identity/staff.ts';
import type { ShareId } from '../../ids.ts';
import { lockShare, shareMethod } from '../lock-share.ts';
import { CaseCopy } from './case-copy.entity.ts';
import { readCopyState } from './copy-state.ts';
import { wakeCopy } from './create-case-copy.ts';

/**
 * Cancels a copy while it is made, with the updates that wait for it: from the moment this commits it is
 * never delivered. Again is no error.
 * @throws DomainError `not-found`, `permission-missing`, `wrong-state` once it was delivered or failed
 */
export async function cancelCaseCopy(act: Act, staff: Staff, shareId: ShareId): Promise<void> {
  const { em } = act;
  const { method } = await shareMethod(em, staff, shareId);
  if (method !== 'copy') {
    throw new DomainError('wrong-state', 'Only a copy that is being made can be cancelled.');
  }
  const { share, now } = await lockShare(em, CaseCopy, staff, shareId);
  const state = await readCopyState(em, shareId);
  if (state === 'cancelled') return;
  if (state !== 'copying') {
    throw new DomainError(
      'wrong-state',
      state === 'failed'
        ? 'The copy failed, so there is nothing to cancel.'
        : 'The copy was delivered and belongs to the partner.',
    );
  }
  // The instants that the life compares are of its own clock: the past is past on every clock.
  await em.execute(
    `update copy_deliveries set state = case sequence when 1 then 'cancelling' else 'cancelled' end,
       ended_at = case sequence when 1 then null else ?::timestamptz end,
       tidy_at = case sequence when 1 then requested_at end
     where share_id = ? and state in ('waiting', 'copying')`,
    [now, shareId],
  );
  em.assign(share, { updatedAt: now });
  act.audit({
    organizationId: share.organizationId,
    action: 'share.cancelled',
    objects: [share.id, share.caseId],
  });
  wakeCopy(act, share);
}
