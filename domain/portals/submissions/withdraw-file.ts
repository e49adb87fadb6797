import type { Act } from '../../act.ts';
import type { Upload } from '../../evidence/evidence.entity.ts';
import { lockDigest } from '../../evidence/find-original.ts';

/**
 * Undoes what became of a file that was not handed in: its evidence goes, and copies of it that were
 * found to be the same go with it. Call it under the locks of the invite and of the upload.
 */
export async function withdrawFile(act: Act, upload: Upload): Promise<void> {
  const { em } = act;
  const { evidenceId, inviteId, sha256 } = upload;
  if (evidenceId == null || inviteId == null || sha256 == null) return;
  await lockDigest(em, inviteId, sha256);
  await em.execute(
    `update uploads set state = 'aborted', evidence_id = null
     where evidence_id = ? and state = 'duplicate'`,
    [evidenceId],
  );
  em.assign(upload, { evidenceId: null, sha256: null });
  await em.flush();
  await em.execute(`delete from evidence where id = ? and state = 'verifying'`, [evidenceId]);
}
