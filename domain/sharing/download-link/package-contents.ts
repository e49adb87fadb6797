import type { EntityManager } from '@mikro-orm/postgresql';
import type { ShareId } from '../../ids.ts';

/** A file of a package as its recipient sees it. */
export interface PackageFile {
  /** In the archive, below its top folder's `data/`. */
  readonly path: string;
  readonly originalName: string;
  readonly size: number;
  readonly sha256: string;
  readonly modifiedAt: Date;
}

/** How many files a package holds, and their bytes together. */
export async function countPackage(
  em: EntityManager,
  shareId: ShareId,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const [row] = await em.execute<{ files: string; bytes: string }[]>(
    'select count(*) as files, coalesce(sum(size), 0) as bytes from share_items where share_id = ?',
    [shareId],
  );
  return { files: Number(row?.files ?? 0), bytes: Number(row?.bytes ?? 0) };
}

/** The files of a package from position `from` on, in the archive's order. */
export async function listPackage(
  em: EntityManager,
  shareId: ShareId,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<PackageFile[]> {
  const rows = await em.execute<
    {
      path: string;
      original_name: string;
      size: string;
      sha256: string;
      modified_at: Date | string;
    }[]
  >(
    `select path, original_name, size, sha256, modified_at from share_items
     where share_id = ? order by position limit ? offset ?`,
    [shareId, limit, from],
  );
  return rows.map((row) => ({
    path: row.path,
    originalName: row.original_name,
    size: Number(row.size),
    sha256: row.sha256,
    modifiedAt: new Date(row.modified_at),
  }));
}
