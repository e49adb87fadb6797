import type { Act } from '../act.ts';
import type { CaseId, OrganizationId, UploadId } from '../ids.ts';
import { workflowIdOf } from '../lifecycle/life.ts';
import type { LifeRef } from '../lifecycle/wake.ts';

/** The intake that takes care of an upload: the case's, or the organization's for one without a case. */
export function intakeOf(organizationId: OrganizationId, caseId: CaseId | null): LifeRef {
  return { kind: 'evidence-intake', entityId: caseId ?? organizationId, organizationId, caseId };
}

/**
 * Wakes the intake of an upload that has come into this state, unless another upload in the same state
 * keeps it awake: the intake plans anew when that one leaves the state, which the lock on it puts after
 * this transaction. So a folder of thousands of files does not poke its intake for each.
 */
export async function wakeIntakeFor(
  act: Act,
  upload: {
    readonly id: UploadId;
    readonly organizationId: OrganizationId;
    readonly caseId: CaseId | null;
    readonly state: 'uploading' | 'verifying';
  },
): Promise<void> {
  const intake = intakeOf(upload.organizationId, upload.caseId);
  const awake = await act.em.execute<unknown[]>(
    `select 1 from uploads where workflow_id = ? and state = ? and id <> ?
     limit 1 for share skip locked`,
    [workflowIdOf(intake.kind, intake.entityId), upload.state, upload.id],
  );
  if (awake.length === 0) act.wake(intake);
}
