/** One slice of a retention life: removes from the store what was decided to be destroyed. */

import { describeError } from '../../platform/error-description.ts';
import { ObjectNotFoundError, type ObjectStore } from '../../platform/object-store/object-store.ts';
import { type Acting, act } from '../act.ts';
import type { EvidenceId } from '../ids.ts';
import { parseWorkflowId, type WorkflowId } from '../lifecycle/life.ts';
import { endDestruction } from './destruction.ts';

/** Pieces of evidence that one slice destroys. */
const MOST = 100;

/** Pauses after attempts that failed: a minute, doubling up to four hours. */
const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 4 * 3_600_000;

export interface DestroyingDeps extends Acting {
  readonly store: ObjectStore;
}

interface DueRow {
  id: EvidenceId;
  attempts: number;
  keys: string[];
}

/**
 * Removes every version of the objects of evidence whose destruction was decided, and of what is attached
 * to it, with unfinished uploads under their keys; looks whether anything can be read still; then notes
 * that it is gone. Each step may be done again, by whoever comes after a crash. What fails stays as it is,
 * with its failure, and is tried again later: it holds up no other.
 * @param now the workflow's clock
 * @returns whether anything was due
 */
export async function destroyDue(
  deps: DestroyingDeps,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
): Promise<boolean> {
  const { entityId } = parseWorkflowId(workflowId);
  const em = deps.database.em.fork();
  const due = await em.execute<DueRow[]>(
    `select d.evidence_id as id, d.attempts, array(select e.object_key
       union select a.object_key from evidence_attachments a where a.evidence_id = e.id) as keys
     from deletions d join evidence e on e.id = d.evidence_id
     where d.organization_id = ? and d.next_attempt_at <= ? and e.state = 'destroyed'
     order by d.next_attempt_at, d.evidence_id limit ?`,
    [entityId, now, MOST],
  );
  for (const row of due) {
    cancelled.throwIfAborted();
    try {
      await removeAll(deps.store, row.keys, cancelled);
      const actor = { kind: 'lifecycle', id: workflowId } as const;
      await act(deps, { actor }, (acting) => endDestruction(acting, row.id, row.keys.length, now));
    } catch (error) {
      cancelled.throwIfAborted();
      const pause = Math.min(FIRST_PAUSE * 2 ** row.attempts, LONGEST_PAUSE);
      await em.execute(
        `update deletions set attempts = attempts + 1, failure = ?, next_attempt_at = ?
         where evidence_id = ? and gone_at is null`,
        [describeError(error).type, new Date(now.getTime() + pause), row.id],
      );
    }
  }
  return due.length > 0;
}

/** Removes objects in all versions, and makes sure of it. */
async function removeAll(
  store: ObjectStore,
  keys: readonly string[],
  cancelled: AbortSignal,
): Promise<void> {
  for (const key of keys) {
    for (const upload of await store.unfinishedUploads(key)) {
      cancelled.throwIfAborted();
      if (upload.key === key) await store.abortUpload(key, upload.uploadId);
    }
    const versions = await versionsOf(store, key);
    for (const versionId of versions) {
      cancelled.throwIfAborted();
      await store.remove(key, versionId);
    }
    await requireGone(store, key, versions);
  }
}

/** The store still gives what was removed: somebody has to look, and nothing is noted as gone. */
class StillReadableError extends Error {
  constructor() {
    super('an object can be read after it was removed');
    this.name = 'StillReadableError';
  }
}

async function requireGone(
  store: ObjectStore,
  key: string,
  versions: readonly (string | null)[],
): Promise<void> {
  if ((await versionsOf(store, key)).length > 0) throw new StillReadableError();
  for (const versionId of new Set([null, ...versions])) {
    if (await isReadable(store, key, versionId)) throw new StillReadableError();
  }
}

async function isReadable(
  store: ObjectStore,
  key: string,
  versionId: string | null,
): Promise<boolean> {
  try {
    await store.stat(key, versionId);
    return true;
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return false;
    throw error;
  }
}

/** Every version of exactly this key, markers of deletions too. */
async function versionsOf(store: ObjectStore, key: string): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for await (const version of store.versions(key)) {
    if (version.key === key) found.push(version.versionId);
  }
  return found;
}
