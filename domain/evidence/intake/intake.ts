import type { Act } from '../../act.ts';
import type { CaseId, OrganizationId, UploadId } from '../../ids.ts';
import { parseWorkflowId, workflowIdOf } from '../../lifecycle/life.ts';
import type { LifeRef } from '../../lifecycle/wake.ts';
import type { Upload } from '../evidence.entity.ts';

/** The intake that takes care of an upload: the case's, or the organization's for one without a case. */
export function intakeOf(organizationId: OrganizationId, caseId: CaseId | null): LifeRef {
  return { kind: 'evidence-intake', entityId: caseId ?? organizationId, organizationId, caseId };
}

/** The intake that an upload's row names. */
export function intakeOfUpload(upload: Upload): LifeRef {
  const { entityId } = parseWorkflowId(upload.workflowId);
  const { organizationId } = upload;
  return { kind: 'evidence-intake', entityId, organizationId, caseId: upload.caseId ?? null };
}

/**
 * Wakes the intake of an upload that has come into this state, unless another upload in the same state
 * keeps it awake: the intake plans anew when that one leaves the state, which the lock on it puts after
 * this transaction. So a folder of thousands of files does not poke its intake for each.
 */
export async function wakeIntakeFor(
  act: Act,
  intake: LifeRef,
  upload: { readonly id: UploadId; readonly state: 'uploading' | 'verifying' },
): Promise<void> {
  const awake = await act.em.execute<unknown[]>(
    `select 1 from uploads where workflow_id = ? and state = ? and id <> ?
     limit 1 for share skip locked`,
    [workflowIdOf(intake.kind, intake.entityId), upload.state, upload.id],
  );
  if (awake.length === 0) act.wake(intake);
}
