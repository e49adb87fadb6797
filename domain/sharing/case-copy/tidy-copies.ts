/** One slice of tidying: what deliveries left in the store that nobody was given. */
import type { ObjectStore } from '../../../platform/object-store/object-store.ts';
import type { CopyDeliveryId, OrganizationId } from '../../ids.ts';
import { parseWorkflowId, type WorkflowId } from '../../lifecycle/life.ts';
import { deliveryPrefix } from './begin-delivery.ts';
import { tidyAgainAt } from './case-copy-rule.ts';
import type { CopyingDeps } from './copy-items.ts';

interface DueDelivery {
  id: CopyDeliveryId;
  partner_organization_id: OrganizationId;
  delivered: boolean;
  tidied: number;
}

/**
 * Removes, in all versions, what lies below a delivery's prefix and belongs to no evidence, and aborts its
 * unfinished uploads: of a delivery that failed or was cancelled that is everything; of one that was
 * delivered, what a worker made that was thought dead. Nothing is removed of one that is under way.
 * @param now the workflow's clock
 * @returns whether there was anything to tidy
 */
export async function tidyCopies(
  deps: CopyingDeps,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
): Promise<boolean> {
  const { entityId } = parseWorkflowId(workflowId);
  const em = deps.database.em.fork();
  const due = await em.execute<DueDelivery[]>(
    `select d.id, s.partner_organization_id, d.state = 'delivered' as delivered, d.tidied
     from copy_deliveries d join shares s on s.id = d.share_id
     where d.share_id = ? and d.tidy_at <= ? and d.state not in ('waiting', 'copying')
     order by d.sequence`,
    [entityId, now],
  );
  for (const delivery of due) {
    const prefix = deliveryPrefix(
      { partnerOrganizationId: delivery.partner_organization_id },
      delivery.id,
    );
    await abortUploads(deps, delivery.id, prefix, cancelled);
    await removeObjects(deps, delivery, prefix, cancelled);
    const tidied = delivery.tidied + 1;
    await em.execute(
      'update copy_deliveries set tidied = ?, tidy_at = ? where id = ? and tidied = ?',
      [tidied, tidyAgainAt(tidied, now), delivery.id, delivery.tidied],
    );
  }
  return due.length > 0;
}

/** Found by the rows, below the prefix, and under the keys themselves, where a store lists only those. */
async function abortUploads(
  { database, store }: CopyingDeps,
  deliveryId: CopyDeliveryId,
  prefix: string,
  cancelled: AbortSignal,
): Promise<void> {
  const noted = await database.em.fork().execute<{ key: string; upload_id: string }[]>(
    `select target_key as key, store_upload_id as upload_id from copy_items
       where delivery_id = ? and store_upload_id is not null`,
    [deliveryId],
  );
  for (const { key, upload_id: uploadId } of noted) {
    cancelled.throwIfAborted();
    await store.abortUpload(key, uploadId);
    for (const upload of await store.unfinishedUploads(key)) {
      await store.abortUpload(upload.key, upload.uploadId);
    }
  }
  for (const upload of await store.unfinishedUploads(prefix)) {
    cancelled.throwIfAborted();
    await store.abortUpload(upload.key, upload.uploadId);
  }
}

async function removeObjects(
  { database, store }: CopyingDeps,
  delivery: DueDelivery,
  prefix: string,
  cancelled: AbortSignal,
): Promise<void> {
  const kept = delivery.delivered ? await keptObjects(database.em.fork(), delivery.id) : null;
  for (const { key, versionId } of await listed(store, prefix)) {
    cancelled.throwIfAborted();
    if (kept?.has(nameOf(key, versionId))) continue;
    await store.remove(key, versionId);
  }
}

/** All at first: a listing may lose its place where it is removed from while it is read. */
async function listed(store: ObjectStore, prefix: string) {
  const found: { key: string; versionId: string | null }[] = [];
  for await (const version of store.versions(prefix)) found.push(version);
  return found;
}

/** The objects that evidence and attachments of a delivered copy stand for. */
async function keptObjects(
  em: ReturnType<CopyingDeps['database']['em']['fork']>,
  deliveryId: CopyDeliveryId,
): Promise<ReadonlySet<string>> {
  const rows = await em.execute<{ key: string; version: string | null }[]>(
    `select target_key as key, target_version as version from copy_items where delivery_id = ?
     union all
     select trail_key, trail_version from copy_items where delivery_id = ? and trail_sha256 is not null`,
    [deliveryId, deliveryId],
  );
  return new Set(rows.map(({ key, version }) => nameOf(key, version)));
}

function nameOf(key: string, versionId: string | null): string {
  return `${key}?${versionId ?? ''}`;
}
