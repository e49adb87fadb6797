/** One slice of a delivery: a batch of files, several at once, each copied, read back and noted. */

import { CopySourceChangedError } from '../../platform/object-store/copies.ts';
import {
  ObjectNotFoundError,
  type StoredObject,
} from '../../platform/object-store/object-store.ts';
import type { CopyDeliveryId } from '../ids.ts';
import { parseWorkflowId, type WorkflowId } from '../lifecycle/life.ts';
import { type CopyFailureCode, copyFailure } from './copy-failure.ts';
import { type CopyItem, type CopyingDeps, nextItems, noteFailure, readItem } from './copy-items.ts';
import { COPY_LIMITS, type CopyLimits, copyObject } from './copy-object.ts';
import { writeTrail } from './copy-trail.ts';
import { isIdentical } from './prove-item.ts';

const GIB = 1024 ** 3;

/** Bounds of a slice, so that the life's loop hears what happens between two of them. */
const MOST_FILES = 100;
const MOST_BYTES = GIB;

/** Files that are worked on at once: while one is read back, others are being copied. */
const LANES = 4;

/**
 * Copies the next files of a copy's running delivery. What is noted on a file's row stays so, whatever
 * becomes of the others; a file that can never be copied is noted as failed, which ends the delivery.
 * @param now the workflow's clock
 * @returns whether there was anything to copy
 * @throws AggregateError of what could not be copied now, since the store or the database is away
 */
export async function copyFiles(
  deps: CopyingDeps,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
  limits: CopyLimits = COPY_LIMITS,
): Promise<boolean> {
  const { entityId } = parseWorkflowId(workflowId);
  const batch = await nextItems(deps, entityId, { files: MOST_FILES, bytes: MOST_BYTES });
  if (batch === null || batch.positions.length === 0) return false;
  const { deliveryId, positions } = batch;
  const errors: unknown[] = [];
  const lane = async () => {
    for (let position = positions.shift(); position !== undefined; position = positions.shift()) {
      if (cancelled.aborted) return;
      try {
        await copyFile(deps, deliveryId, position, { now, cancelled, limits });
      } catch (error) {
        errors.push(error);
      }
    }
  };
  // To their ends, also when cancelled: what removes the copies must not overtake what makes them.
  await Promise.all(Array.from({ length: LANES }, lane));
  cancelled.throwIfAborted();
  if (errors.length > 0) {
    throw new AggregateError(errors, `${errors.length} file(s) could not be copied now`);
  }
  return true;
}

interface Slice {
  readonly now: Date;
  readonly cancelled: AbortSignal;
  readonly limits: CopyLimits;
}

async function copyFile(
  deps: CopyingDeps,
  deliveryId: CopyDeliveryId,
  position: number,
  { now, cancelled, limits }: Slice,
): Promise<void> {
  const item = await readItem(deps, deliveryId, position);
  if (item === null) return;
  const made = item.target ?? (await makeCopy(deps, item, { now, cancelled, limits }));
  if (made === null) return;
  if (!item.proven && !(await isIdentical(deps, item, made, cancelled))) {
    await noteFailure(deps, item, copyFailure('not-identical'));
    return;
  }
  await noteProven(deps, item, made, now);
  if (!item.wantsTrail) return;
  await writeTrail(deps, item, now);
  await note(deps, item, 'settled_at = ?', [now]);
}

/**
 * Notes that the copy is what its source is, and with it all that is known of the copy. The first worker
 * that says which version it made decides: that one is given out.
 */
async function noteProven(
  deps: CopyingDeps,
  item: CopyItem,
  made: StoredObject,
  now: Date,
): Promise<void> {
  await note(
    deps,
    item,
    `copied_at = coalesce(copied_at, ?), target_version = ?, target_etag = ?,
     proven_at = coalesce(proven_at, ?), hash_state = null, hash_offset = 0, settled_at = ?`,
    [now, made.versionId, made.etag, now, item.wantsTrail ? null : now],
    {
      sql: '(copied_at is null or (target_etag = ? and target_version is not distinct from ?))',
      values: [made.etag, made.versionId],
    },
  );
}

/** The copy, once all of it is there; null while it is not, where it failed, or where another was first. */
async function makeCopy(
  deps: CopyingDeps,
  item: CopyItem,
  { now, cancelled, limits }: Slice,
): Promise<StoredObject | null> {
  const outcome = await copied(deps, item, cancelled, limits);
  if (outcome === false) return null;
  if (outcome !== true) {
    await noteFailure(deps, item, copyFailure(outcome));
    return null;
  }
  const made = await deps.store.stat(item.targetKey);
  if (made.size !== item.size) {
    await noteFailure(deps, item, copyFailure('not-identical'));
    return null;
  }
  // A copy that one request makes is made again after a crash sooner than each is noted for it.
  if (item.size <= limits.whole) return made;
  const isFirst = await note(
    deps,
    item,
    'copied_at = ?, target_version = ?, target_etag = ?',
    [now, made.versionId, made.etag],
    { sql: 'copied_at is null', values: [] },
  );
  return isFirst ? made : null;
}

/** Whether all of the object is there now; the code of a failure that trying again does not change. */
async function copied(
  deps: CopyingDeps,
  item: CopyItem,
  cancelled: AbortSignal,
  limits: CopyLimits,
): Promise<boolean | CopyFailureCode> {
  try {
    return await copyObject(
      deps.store,
      {
        source: item.source,
        size: item.size,
        contentType: item.contentType,
        key: item.targetKey,
        uploadId: item.uploadId,
        noteUpload: async (uploadId, before) =>
          note(deps, item, 'store_upload_id = ?', [uploadId], {
            sql: 'store_upload_id is not distinct from ?',
            values: [before],
          }),
      },
      cancelled,
      limits,
    );
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return 'object-missing';
    if (error instanceof CopySourceChangedError) return 'object-changed';
    throw error;
  }
}

async function note(
  { database }: CopyingDeps,
  { deliveryId, position }: CopyItem,
  change: string,
  values: readonly unknown[],
  condition: { readonly sql: string; readonly values: readonly unknown[] } = {
    sql: 'true',
    values: [],
  },
): Promise<boolean> {
  const rows = await database.em.fork().execute<unknown[]>(
    `update copy_items set ${change} where delivery_id = ? and position = ? and settled_at is null
       and failure is null and ${condition.sql} returning 1`,
    [...values, deliveryId, position, ...condition.values],
  );
  return rows.length > 0;
}
