import type { EntityManager } from '@mikro-orm/postgresql';
import { type ArchiveManifest, FORMAT_VERSION } from '../archive/manifest.ts';
import type { Share } from './share.entity.ts';

interface ItemRow {
  evidence_id: string;
  path: string;
  original_name: string;
  size: string;
  sha256: string;
  crc32: string;
  modified_at: Date | string;
  object_key: string;
  object_version: string | null;
  object_etag: string;
}

/**
 * The manifest of a link as it was frozen: the same from the moment its last item is verified.
 * @throws Error where an item is not verified yet: such a link is not active
 */
export async function readFrozenManifest(
  em: EntityManager,
  share: Pick<Share, 'id' | 'createdAt' | 'archive' | 'format'>,
): Promise<ArchiveManifest> {
  if (!share.format) throw new Error(`share ${share.id} has no archive`);
  const rows = await em.execute<ItemRow[]>(
    `select evidence_id, path, original_name, size, sha256, crc32, modified_at, object_key,
       object_version, object_etag
     from share_items where share_id = ? order by position`,
    [share.id],
  );
  if (rows.some((row) => row.sha256 === null)) throw new Error(`link ${share.id} is not verified`);
  return {
    formatVersion: FORMAT_VERSION,
    format: share.format,
    shareId: share.id,
    createdAt: share.createdAt.toISOString(),
    organization: { name: share.archive.organization },
    case: { number: share.archive.caseNumber, title: share.archive.title },
    files: rows.map((row) => ({
      evidenceId: row.evidence_id,
      path: row.path,
      originalName: row.original_name,
      size: Number(row.size),
      sha256: row.sha256,
      crc32: Number(row.crc32),
      modifiedAt: new Date(row.modified_at).toISOString(),
      object: { key: row.object_key, versionId: row.object_version, etag: row.object_etag },
    })),
  };
}
