/** Writes the audit trail of a file that is copied, as a PDF beside its copy. */
import { createHash, randomUUID } from 'node:crypto';
import { readTrail } from '../../audit/trail.ts';
import { renderTrail } from '../../audit/trail-pdf.ts';
import { readDigest } from '../../evidence/intake/digest.ts';
import type { CopyItem, CopyingDeps } from './copy-items.ts';

/**
 * Makes the PDF of what happened to the source until now and notes it. Each attempt has an object of its
 * own, so that a worker that was thought dead replaces nothing; what is not noted is tidied.
 */
export async function writeTrail(deps: CopyingDeps, item: CopyItem, now: Date): Promise<void> {
  const trail = await readTrail(deps.database.em.fork(), item.evidenceId);
  const content = await renderTrail(trail, now);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const key = `${item.targetKey.replace(/[^/]*$/, '')}${randomUUID()}`;
  await deps.store.put(key, content, 'application/pdf');
  const object = await deps.store.stat(key);
  const digest = await readDigest({
    store: deps.store,
    key,
    object,
    cancelled: new AbortController().signal,
    resumable: null,
  });
  if (digest.sha256 !== sha256) throw new Error('the audit trail that was written is another');
  await deps.database.em.fork().execute(
    `update copy_items set trail_key = ?, trail_version = ?, trail_etag = ?, trail_size = ?,
       trail_sha256 = ?
     where delivery_id = ? and position = ? and settled_at is null and trail_sha256 is null`,
    [
      ...[key, object.versionId, object.etag, content.length, sha256],
      ...[item.deliveryId, item.position],
    ],
  );
}
