/** The rows that a slice of copying works on. */
import type { CopySource } from '../../../platform/object-store/copies.ts';
import type { ObjectStore, StoredObject } from '../../../platform/object-store/object-store.ts';
import type { Acting } from '../../act.ts';
import type { CopyDeliveryId, EvidenceId } from '../../ids.ts';
import type { CopyFailure } from './copy-failure.ts';

export interface CopyingDeps extends Acting {
  readonly store: ObjectStore;
}

/** A file of a running delivery. */
export interface CopyItem {
  readonly deliveryId: CopyDeliveryId;
  readonly position: number;
  readonly evidenceId: EvidenceId;
  readonly source: CopySource;
  readonly size: number;
  readonly sha256: string;
  readonly crc32: number;
  readonly contentType: string;
  readonly targetKey: string;
  readonly uploadId: string | null;
  /** The object that was made of it, once it is copied; it has the size of the source. */
  readonly target: StoredObject | null;
  readonly proven: boolean;
  readonly hash: { readonly offset: number; readonly state: string | null };
  /** Whether its audit trail goes along and is not written yet. */
  readonly wantsTrail: boolean;
}

/** The files of a delivery that are next. */
interface NextItems {
  readonly deliveryId: CopyDeliveryId;
  readonly items: CopyItem[];
}

/** The files that are next: up to so many, and so many bytes; a larger one alone. */
export async function nextItems(
  { database }: CopyingDeps,
  shareId: string,
  most: { readonly files: number; readonly bytes: number },
): Promise<NextItems | null> {
  const rows = await database.em.fork().execute<ItemRow[]>(
    `select i.*, e.content_type, i.proven_at is not null as proven,
       'audit_trail' = any(s.attachments) and i.trail_sha256 is null as wants_trail
     from copy_deliveries d
     join shares s on s.id = d.share_id
     join copy_items i on i.delivery_id = d.id
     join evidence e on e.id = i.evidence_id
     where d.share_id = ? and d.state = 'copying' and i.settled_at is null and i.failure is null
     order by i.position limit ?`,
    [shareId, most.files],
  );
  const [first] = rows;
  if (first === undefined) return null;
  let bytes = 0;
  const end = rows.findIndex(({ size }, index) => {
    bytes += Number(size);
    return index > 0 && bytes > most.bytes;
  });
  const batch = end < 0 ? rows : rows.slice(0, end);
  return { deliveryId: first.delivery_id, items: batch.map(itemOf) };
}

interface ItemRow {
  delivery_id: CopyDeliveryId;
  position: number;
  evidence_id: EvidenceId;
  size: string;
  sha256: string;
  crc32: string;
  content_type: string;
  source_key: string;
  source_version: string | null;
  source_etag: string;
  target_key: string;
  target_version: string | null;
  target_etag: string | null;
  store_upload_id: string | null;
  proven: boolean;
  hash_offset: string;
  hash_state: string | null;
  wants_trail: boolean;
}

function itemOf(row: ItemRow): CopyItem {
  return {
    deliveryId: row.delivery_id,
    position: row.position,
    evidenceId: row.evidence_id,
    source: { key: row.source_key, versionId: row.source_version, etag: row.source_etag },
    size: Number(row.size),
    sha256: row.sha256,
    crc32: Number(row.crc32),
    contentType: row.content_type,
    targetKey: row.target_key,
    uploadId: row.store_upload_id,
    target:
      row.target_etag === null
        ? null
        : { etag: row.target_etag, versionId: row.target_version, size: Number(row.size) },
    proven: row.proven,
    hash: { offset: Number(row.hash_offset), state: row.hash_state },
    wantsTrail: row.wants_trail,
  };
}

/** Notes that a file can never be copied, which ends its delivery. */
export async function noteFailure(
  { database }: CopyingDeps,
  { deliveryId, position }: Pick<CopyItem, 'deliveryId' | 'position'>,
  failure: CopyFailure,
): Promise<void> {
  await database.em.fork().execute(
    `update copy_items set failure = ?::jsonb
       where delivery_id = ? and position = ? and settled_at is null`,
    [JSON.stringify(failure), deliveryId, position],
  );
}
