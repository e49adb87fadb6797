/** One slice of an intake's tidying: what the store still has of uploads that were refused. */

import {
  ObjectNotFoundError,
  type ObjectStore,
} from '../../../platform/object-store/object-store.ts';
import type { UploadId } from '../../ids.ts';
import type { WorkflowId } from '../../lifecycle/life.ts';
import { tidyAgainAt } from './intake-rule.ts';
import type { IntakeDeps } from './verify-uploads.ts';

/** Uploads that one slice tidies. */
const MOST_UPLOADS = 64;

interface DueRow {
  id: UploadId;
  object_key: string;
  store_upload_id: string;
  tidy_at: Date | string;
  last_active_at: Date | string;
}

/**
 * Removes the parts and the object of refused uploads, at once and once more when no part address can
 * be used any longer: what arrived in between is never accepted, and does not stay.
 * @param now the workflow's clock
 * @returns whether there was anything to tidy
 */
export async function tidyUploads(
  deps: IntakeDeps,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
): Promise<boolean> {
  const em = deps.database.em.fork();
  const due = await em.execute<DueRow[]>(
    `select id, object_key, store_upload_id, tidy_at, last_active_at from uploads
     where workflow_id = ? and tidy_at <= ? order by tidy_at, id limit ?`,
    [workflowId, now, MOST_UPLOADS],
  );
  for (const row of due) {
    cancelled.throwIfAborted();
    await deps.store.abortUpload(row.object_key, row.store_upload_id);
    await removeObject(deps.store, row.object_key);
    await em.execute(
      `update uploads set tidy_at = ? where id = ? and state in ('failed', 'aborted', 'duplicate')`,
      [tidyAgainAt(now, new Date(row.last_active_at)), row.id],
    );
  }
  return due.length > 0;
}

/** More versions than this of a key that is written once mean that something else is wrong. */
const MOST_VERSIONS = 10;

/** Removes an object in all versions that it has. */
async function removeObject(store: ObjectStore, key: string): Promise<void> {
  for (let version = 0; version < MOST_VERSIONS; version += 1) {
    try {
      const { versionId } = await store.stat(key);
      await store.remove(key, versionId);
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return;
      throw error;
    }
  }
  throw new Error(`the object ${key} cannot be removed`);
}
