import type { Act } from '../../act.ts';
import type { Upload } from '../evidence.entity.ts';

/**
 * Wakes the life of the request that an upload came through, now that it is settled: its sender is told
 * of verified files. One that another verified file keeps awake is left alone, so that a folder of
 * thousands does not poke it for each; the lock on that file puts the life's look after this transaction.
 */
export async function wakeRequest(act: Act, upload: Upload): Promise<void> {
  const { uploadRequestId, organizationId, caseId } = upload;
  if (uploadRequestId == null) return;
  if (upload.state === 'verified') {
    const awake = await act.em.execute<unknown[]>(
      `select 1 from uploads
       where upload_request_id = ? and state = 'verified' and reported_in is null and id <> ?
       limit 1 for share skip locked`,
      [uploadRequestId, upload.id],
    );
    if (awake.length > 0) return;
  }
  act.wake({
    kind: 'upload-request',
    entityId: uploadRequestId,
    organizationId,
    caseId: caseId ?? null,
  });
}
