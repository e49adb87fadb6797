import type { Act } from '../../act.ts';
import { layoutArchive } from '../../archive/archive.ts';
import { manifestEtag } from '../../archive/manifest.ts';
import { daysAfter } from '../../clock.ts';
import type { DownloadLink } from './download-link.entity.ts';
import { readFrozenManifest } from './frozen-manifest.ts';

/**
 * Makes a link whose evidence is all verified active: its package has its exact size and entity tag
 * from here on, and its days begin to count.
 */
export async function activate(act: Act, share: DownloadLink, now: Date): Promise<void> {
  const manifest = await readFrozenManifest(act.em, share);
  share.packageEtag = manifestEtag(manifest);
  share.packageSize = layoutArchive(manifest).size;
  share.activatedAt = now;
  share.expiresAt = daysAfter(now, share.durationDays);
  share.updatedAt = now;
  act.audit({
    organizationId: share.organizationId,
    action: 'share.activated',
    objects: [share.id, share.caseId],
    data: {
      files: manifest.files.length,
      size: share.packageSize,
      etag: share.packageEtag,
      expiresAt: share.expiresAt.toISOString(),
    },
  });
}
