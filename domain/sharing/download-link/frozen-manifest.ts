import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceFacts } from '../../archive/description.ts';
import type { ArchiveFile, ArchiveManifest } from '../../archive/manifest.ts';
import type { DownloadLink } from './download-link.entity.ts';

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
  metadata: EvidenceFacts | string | null;
}

/**
 * The manifest of a link as it was frozen: the same from the moment its last item is verified.
 * @throws Error where an item is not verified yet: such a link is not active
 */
export async function readFrozenManifest(
  em: EntityManager,
  share: Pick<DownloadLink, 'id' | 'createdAt' | 'archive' | 'format'>,
): Promise<ArchiveManifest> {
  const rows = await em.execute<ItemRow[]>(
    `select evidence_id, path, original_name, size, sha256, crc32, modified_at, object_key,
       object_version, object_etag, metadata
     from share_items where share_id = ? order by position`,
    [share.id],
  );
  if (rows.some((row) => row.sha256 === null)) throw new Error(`link ${share.id} is not verified`);
  const { organization, caseNumber, title, sharing } = share.archive;
  const head = {
    format: share.format,
    shareId: share.id,
    createdAt: share.createdAt.toISOString(),
    organization: { name: organization },
    case: { number: caseNumber, title },
  };
  if (sharing === undefined) return { ...head, formatVersion: 1, files: rows.map(fileOf) };
  return {
    ...head,
    formatVersion: 2,
    sharing,
    files: rows.map((row) => ({ ...fileOf(row), evidence: factsOf(row) })),
  };
}

function fileOf(row: ItemRow): ArchiveFile {
  return {
    evidenceId: row.evidence_id,
    path: row.path,
    originalName: row.original_name,
    size: Number(row.size),
    sha256: row.sha256,
    crc32: Number(row.crc32),
    modifiedAt: new Date(row.modified_at).toISOString(),
    object: { key: row.object_key, versionId: row.object_version, etag: row.object_etag },
  };
}

function factsOf({ metadata, evidence_id: id }: ItemRow): EvidenceFacts {
  if (metadata === null) throw new Error(`evidence ${id} was frozen without its metadata`);
  return typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
}
