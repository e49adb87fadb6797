/** One slice of a delivery: a batch of files, several at once, each copied, read back and noted. */
import { CopySourceChangedError } from '../../../platform/object-store/copies.ts';
import {
  ObjectNotFoundError,
  type StoredObject,
} from '../../../platform/object-store/object-store.ts';
import { parseWorkflowId, type WorkflowId } from '../../lifecycle/life.ts';
import { type Condition, EVERY } from '../../sql.ts';
import { type CopyFailureCode, copyFailure } from './copy-failure.ts';
import { type CopyItem, type CopyingDeps, nextItems, noteFailure } from './copy-items.ts';
import { COPY_LIMITS, type CopyLimits, copyObject } from './copy-object.ts';
import { writeTrail } from './copy-trail.ts';
import { isIdentical, proveMade } from './prove-item.ts';
import { type ProvenItems, provenItems } from './proven-items.ts';

const GIB = 1024 ** 3;

/** Bounds of a slice, so that the life's loop hears what happens between two of them. */
const MOST_FILES = 500;
const MOST_BYTES = GIB;

/** Bytes up to which a file costs its requests rather than its bytes. */
const SMALL = 2 ** 20;

/** How many files are worked on at once: while one is read back, others are being copied. */
export function filesAtOnce(files: readonly { readonly size: number }[]): number {
  return files.every(({ size }) => size <= SMALL) ? 8 : 4;
}

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
  if (batch === null) return false;
  const { deliveryId, items } = batch;
  const proven = provenItems(deps, deliveryId, now);
  const errors: unknown[] = [];
  const lane = async () => {
    for (let item = items.shift(); item !== undefined; item = items.shift()) {
      try {
        if (cancelled.aborted || !(await proven.goesOn())) return;
        await copyFile(deps, item, { now, cancelled, limits, proven });
      } catch (error) {
        errors.push(error);
      }
    }
  };
  // To their ends, also when cancelled: what removes the copies must not overtake what makes them.
  await Promise.all(Array.from({ length: filesAtOnce(items) }, lane));
  await proven.write().catch((error: unknown) => errors.push(error));
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
  readonly proven: ProvenItems;
}

async function copyFile(deps: CopyingDeps, item: CopyItem, slice: Slice): Promise<void> {
  const inOneRequest = item.target === null && item.size <= slice.limits.whole;
  const made = await (inOneRequest ? copyWhole(deps, item, slice) : copyByParts(deps, item, slice));
  if (made === null) return;
  if (item.wantsTrail) await writeTrail(deps, item, slice.now);
  await slice.proven.add(item, made);
}

/**
 * The copy, proven; null where it failed. It is noted when it is proven only: after a crash it is made
 * again, which costs less than to note each.
 */
async function copyWhole(
  deps: CopyingDeps,
  item: CopyItem,
  slice: Slice,
): Promise<StoredObject | null> {
  if (!(await isCopied(deps, item, slice))) return null;
  const made = await proveMade(deps, item, slice.cancelled);
  if (made === null) await noteFailure(deps, item, copyFailure('not-identical'));
  return made;
}

/** The copy, proven, and noted as it was made and as it was proven; null while it is neither. */
async function copyByParts(
  deps: CopyingDeps,
  item: CopyItem,
  slice: Slice,
): Promise<StoredObject | null> {
  const made = item.target ?? (await makeByParts(deps, item, slice));
  if (made === null) return null;
  if (!item.proven && !(await isIdentical(deps, item, made, slice.cancelled))) {
    await noteFailure(deps, item, copyFailure('not-identical'));
    return null;
  }
  await note(deps, item, 'proven_at = coalesce(proven_at, ?)', [slice.now]);
  return made;
}

async function makeByParts(
  deps: CopyingDeps,
  item: CopyItem,
  slice: Slice,
): Promise<StoredObject | null> {
  if (!(await isCopied(deps, item, slice))) return null;
  const made = await deps.store.stat(item.targetKey);
  if (made.size !== item.size) {
    await noteFailure(deps, item, copyFailure('not-identical'));
    return null;
  }
  // The first worker that says which version it made decides: that one is proven and given out.
  const isFirst = await note(
    deps,
    item,
    'copied_at = ?, target_version = ?, target_etag = ?',
    [slice.now, made.versionId, made.etag],
    { sql: 'copied_at is null', values: [] },
  );
  return isFirst ? made : null;
}

/** Whether all of the object is there now. What trying again does not change is noted as a failure. */
async function isCopied(
  deps: CopyingDeps,
  item: CopyItem,
  { cancelled, limits }: Slice,
): Promise<boolean> {
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
    const code = failureOf(error);
    if (code === null) throw error;
    await noteFailure(deps, item, copyFailure(code));
    return false;
  }
}

function failureOf(error: unknown): CopyFailureCode | null {
  if (error instanceof ObjectNotFoundError) return 'object-missing';
  return error instanceof CopySourceChangedError ? 'object-changed' : null;
}

async function note(
  { database }: CopyingDeps,
  { deliveryId, position }: CopyItem,
  change: string,
  values: readonly unknown[],
  condition: Condition = EVERY,
): Promise<boolean> {
  const rows = await database.em.fork().execute<unknown[]>(
    `update copy_items set ${change} where delivery_id = ? and position = ? and settled_at is null
       and failure is null and ${condition.sql} returning 1`,
    [...values, deliveryId, position, ...condition.values],
  );
  return rows.length > 0;
}
